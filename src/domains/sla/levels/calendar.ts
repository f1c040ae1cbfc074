import { isWorkday } from '../../../core/holidays.ts';
import { addDays, type Day, dayOf, instantOf, startOf, weekday } from '../../../core/time.ts';

/** When a clock runs: round the clock, or in the hours of some days. */
export type CalendarRule =
  | 'always'
  | {
      /** `workdays`: as China works, with its holidays and make-up days. */
      days: 'workdays' | 'monday-to-friday' | 'every-day';
      /** Wall times of the house, not overlapping, in order. */
      hours: readonly { from: string; to: string }[];
    };

export interface Calendar {
  /** Milliseconds of the calendar between two instants; 0 where `to` is before `from`. */
  between(from: Date, to: Date): number;
  /** The instant at which so many milliseconds of the calendar have passed since `from`. */
  after(from: Date, ms: number): Date;
}

interface Segment {
  from: number;
  to: number;
  /** Milliseconds of the calendar before it. */
  passed: number;
}

const CHUNK_DAYS = 120;
const DAY_MS = 86_400_000;

/** Opens a calendar. Days are laid out as they are asked for and remembered, so that many orders cost little. */
export function openCalendar(rule: CalendarRule, zone: string): Calendar {
  if (rule === 'always') {
    return {
      between: (from, to) => Math.max(0, to.getTime() - from.getTime()),
      after: (from, ms) => new Date(from.getTime() + ms),
    };
  }
  const { days, hours } = rule;
  const worked = (day: Day) => days === 'every-day' || (days === 'workdays' ? isWorkday(day) : weekday(day) <= 5);
  let segments: Segment[] = [];
  let [first, end]: [Day, Day] = ['', ''];
  let [firstMs, endMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  function lay(from: Day, to: Day): void {
    const laid: Segment[] = [];
    let passed = 0;
    for (let day = from; day < to; day = addDays(day, 1)) {
      if (!worked(day)) continue;
      for (const { from: opens, to: closes } of hours) {
        const began = instantOf(day, `${opens}:00`, zone).getTime();
        const ended = closes === '24:00' ? startOf(addDays(day, 1), zone) : instantOf(day, `${closes}:00`, zone);
        laid.push({ from: began, to: ended.getTime(), passed });
        passed += ended.getTime() - began;
      }
    }
    segments = laid;
    [first, end] = [from, to];
    [firstMs, endMs] = [startOf(from, zone).getTime(), startOf(to, zone).getTime()];
  }

  function reach(ms: number): void {
    if (ms >= firstMs && ms < endMs) return;
    const day = dayOf(new Date(ms), zone);
    if (first === '') lay(addDays(day, -CHUNK_DAYS), addDays(day, CHUNK_DAYS));
    else if (ms < firstMs) lay(addDays(day, -CHUNK_DAYS), end);
    else lay(first, addDays(day, CHUNK_DAYS));
  }

  /** The last segment that begins at or before an instant; -1: none. */
  function lastAt(value: number, key: 'from' | 'passed'): number {
    let [low, high] = [0, segments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((segments[middle] as Segment)[key] <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  function passedAt(ms: number): number {
    const segment = segments[lastAt(ms, 'from')];
    return segment ? segment.passed + Math.min(ms, segment.to) - segment.from : 0;
  }

  return {
    between(from, to) {
      if (to <= from) return 0;
      reach(from.getTime());
      reach(to.getTime());
      return passedAt(to.getTime()) - passedAt(from.getTime());
    },
    after(from, ms) {
      if (ms <= 0) return from;
      let ahead = from.getTime();
      reach(ahead);
      for (;;) {
        const wanted = passedAt(from.getTime()) + ms;
        const last = segments.at(-1);
        if (last && wanted <= last.passed + last.to - last.from) {
          let at = lastAt(wanted, 'passed');
          // What ends with a segment ends there, and not when the next one begins.
          if (at > 0 && (segments[at] as Segment).passed === wanted) at--;
          const segment = segments[at] as Segment;
          return new Date(segment.from + wanted - segment.passed);
        }
        ahead = Math.max(ahead, endMs) + CHUNK_DAYS * DAY_MS;
        reach(ahead);
      }
    },
  };
}
