import { z } from 'zod';
import type { PagesSeen } from '../../../core/guanke.ts';
import type { CallRow } from '../model.ts';

/** What each hour of a day holds, as a short sum that does not depend on the order of the calls. */
export type HourDigests = Record<number, string>;

/** What is kept beside a day's records, to see what of a new reading differs. */
export interface Digests {
  hours: HourDigests;
  /** The upstream's answers; absent where they may have to be read anew. */
  pages?: PagesSeen | undefined;
}

const Kept = z.object({
  hours: z.record(z.coerce.number(), z.string()),
  pages: z.object({ digests: z.array(z.string()), expected: z.number() }).optional(),
});

/** @returns null where nothing is known, or what is kept is in another form */
export function readDigests(text: string | null | undefined): Digests | null {
  return text ? (Kept.safeParse(JSON.parse(text)).data ?? null) : null;
}

export function digestsOf(rows: readonly CallRow[]): HourDigests {
  const sums = new Map<number, { a: number; b: number; count: number }>();
  for (const row of rows) {
    const sum = sums.get(row.hour) ?? { a: 0, b: 0, count: 0 };
    sums.set(row.hour, sum);
    const text = `${row.id}|${row.calledAt.getTime()}|${row.taskId}|${row.taskName}|${row.seatId}|${row.line}|${row.durationS}|${row.dialled}|${row.connected}|${row.grade}`;
    let [a, b] = [0x811c9dc5, 0x1b873593];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b) + 0x27d4eb2f;
    }
    sum.a = (sum.a + (a ^ (a >>> 15))) >>> 0;
    sum.b = (sum.b + (b ^ (b >>> 13))) >>> 0;
    sum.count++;
  }
  return Object.fromEntries([...sums].map(([hour, { a, b, count }]) => [hour, `${count}:${a}:${b}`]));
}

/** Hours that differ; all where nothing is known of what was. */
export function changedHours(before: HourDigests | null, now: HourDigests): number[] {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return before ? hours.filter((hour) => before[hour] !== now[hour]) : hours;
}
