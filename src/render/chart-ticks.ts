import { SIZE } from './chart-style.ts';
import { cutEms, ems } from './text-width.ts';

/** How many labels may be left out between two that are shown: intervals that people count in. */
const EVERY = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 20, 24, 30, 48, 60, 90, 120];

/**
 * Labels along the x axis that stand side by side without touching: a label with a blank (`10-17 周五`) takes two lines,
 * and where there are too many of them only every nth is kept.
 * @param width pixels of the axis
 */
export function thinned(labels: readonly string[], width: number): (string | string[])[] {
  const room = width / Math.max(1, labels.length) / SIZE.tick;
  const lines = labels.map(twoLines);
  const widest = Math.max(...lines.map((parts) => Math.max(...parts.map(ems)))) + 0.7;
  const few = labels.length <= 7;
  const every = few ? 1 : (EVERY.find((count) => count * room >= widest) ?? labels.length);
  return lines.map((parts, index) => {
    if (index % every !== 0) return '';
    const kept = parts.map((part) => cutEms(part, Math.max(2, every * room - 0.4)));
    return kept.length === 1 ? (kept[0] ?? '') : kept;
  });
}

function twoLines(label: string): string[] {
  const blank = label.indexOf(' ');
  return blank < 0 ? [label] : [label.slice(0, blank), label.slice(blank + 1)];
}
