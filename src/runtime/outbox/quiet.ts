import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/time.ts';

/** Times of the house's zone between which nothing is sent; `from` after `to` goes over midnight. */
export interface Quiet {
  from: string;
  to: string;
}

/** When the quiet that holds at an instant ends; null where it is not quiet. */
export function quietUntil(quiet: Quiet, at: Date, zone: Clock['zone']): Date | null {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  const time = local.toPlainTime();
  const from = Temporal.PlainTime.from(quiet.from);
  const to = Temporal.PlainTime.from(quiet.to);
  const before = (a: Temporal.PlainTime, b: Temporal.PlainTime) => Temporal.PlainTime.compare(a, b) < 0;
  const overMidnight = before(to, from);
  const silent = overMidnight ? !before(time, from) || before(time, to) : !before(time, from) && before(time, to);
  if (!silent) return null;
  const day = overMidnight && !before(time, from) ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  return new Date(day.toZonedDateTime({ timeZone: zone, plainTime: to }).epochMilliseconds);
}
