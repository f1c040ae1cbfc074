import { countedFor, type Line } from '../outbox/lines.ts';
import { quietUntil } from '../outbox/quiet.ts';

/** A letter that would be posted: when, and on which line. */
export interface Planned {
  seq: number;
  /** Epoch milliseconds at which it may leave at the earliest. */
  at: number;
  class: string;
  line: Line;
}

/**
 * When each letter would be out, by arithmetic over limits and quiet hours; in the order of their times, notices first.
 * A letter is reckoned as one parcel, nothing is merged, failures are not foreseen.
 * @returns epoch milliseconds by seq
 */
export function timetable(letters: readonly Planned[], zone: string): Map<number, number> {
  const left = new Map<string, number[]>();
  const out = new Map<number, number>();
  const rank = (letter: Planned) => (letter.class === 'notice' ? 0 : 1);
  for (const letter of [...letters].sort((a, b) => a.at - b.at || rank(a) - rank(b) || a.seq - b.seq)) {
    const { line } = letter;
    const ways = line.addresses.map((address) => {
      const counted = countedFor(line, address);
      return { counted, at: earliest(letter.at, counted) };
    });
    const best = ways.reduce((one, other) => (other.at < one.at ? other : one));
    for (const { key } of best.counted)
      left.set(
        key,
        [...(left.get(key) ?? []), best.at].sort((a, b) => a - b),
      );
    out.set(letter.seq, best.at);

    function earliest(from: number, counted: ReturnType<typeof countedFor>): number {
      for (let at = from; ; ) {
        const before = at;
        at = (line.quiet && quietUntil(line.quiet, new Date(at), zone)?.getTime()) ?? at;
        for (const { key, limits } of counted) {
          const gone = left.get(key) ?? [];
          for (const { count, ms } of limits) {
            const nth = gone[gone.length - count];
            if (nth !== undefined && nth + ms > at) at = nth + ms;
          }
        }
        if (at === before) return at;
      }
    }
  }
  return out;
}
