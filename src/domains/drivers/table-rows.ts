import type { RawRow } from '../../core/source.ts';
import { instantOf } from '../../core/time.ts';
import type { TableMapping } from './mapping.ts';

/** Columns that hold instants. */
const TIMES = new Set(['orderedAt', 'pickedUpAt', 'deliveredAt', 'dueAt', 'at', 'takenAt']);

/** How the rows of a mapped table become rows as a file would have them, by our names. */
export function rowReader(mapping: TableMapping, zones: { theirs: string; house: string }) {
  const columns = Object.entries({ id: mapping.id, ...mapping.columns }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const moved = zones.theirs !== zones.house;
  return {
    columns: [...new Set(columns.map(([, theirs]) => theirs))],
    read(row: Readonly<Record<string, string | null>>, line: number): RawRow {
      const values: Record<string, string | null> = {};
      for (const [ours, theirs] of columns) {
        let value = row[theirs] ?? null;
        if (value === null) continue;
        value = mapping.values[ours]?.[value] ?? value;
        values[ours] = TIMES.has(ours) ? timeText(value, moved ? zones.theirs : null) : value;
      }
      return { line, values };
    },
  };
}

/** Seconds and milliseconds since 1970 as instants; wall times of another zone, too. */
function timeText(value: string, zone: string | null): string {
  if (/^\d{10}(?:\.\d+)?$/.test(value)) return new Date(Number(value) * 1000).toISOString();
  if (/^\d{13}$/.test(value)) return new Date(Number(value)).toISOString();
  const wall = zone && /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(value);
  if (!wall || value.endsWith('Z')) return value;
  try {
    return instantOf(wall[1] as string, wall[2] as string, zone).toISOString();
  } catch {
    return value;
  }
}
