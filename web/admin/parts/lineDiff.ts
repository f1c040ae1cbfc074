export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** Of what differs in the middle, more pairs of lines than this are not compared: all go, all come. */
const MOST_PAIRS = 4_000_000;

/** Lines of two texts beside each other, by their longest common subsequence. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const all = (kind: DiffLine['kind'], lines: readonly string[]) => lines.map((text): DiffLine => ({ kind, text }));
  const [gone, came] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const middle =
    gone.length * came.length > MOST_PAIRS ? [...all('gone', gone), ...all('new', came)] : compared(gone, came);
  return [...all('same', a.slice(0, head)), ...middle, ...all('same', a.slice(a.length - tail))];
}

function compared(a: readonly string[], b: readonly string[]): DiffLine[] {
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const length = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i] as number[];
      row[j] = a[i] === b[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i++] ?? '' });
      j++;
    } else if (j >= b.length || (i < a.length && length(i + 1, j) >= length(i, j + 1))) {
      lines.push({ kind: 'gone', text: a[i++] ?? '' });
    } else {
      lines.push({ kind: 'new', text: b[j++] ?? '' });
    }
  }
  return lines;
}
