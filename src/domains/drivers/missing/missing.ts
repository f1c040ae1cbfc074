import type { MissingRule, MissingRules } from './rules.ts';

/** A driver with open orders, and what was last heard of him. */
export interface Watched {
  driverId: string;
  name: string;
  dsp: string | null;
  onShift: boolean | null;
  /** `HH:MM` by the house's clock; null: the rules' shift. */
  shiftFrom: string | null;
  shiftTo: string | null;
  open: number;
  /** When the first of the open orders was ordered. */
  oldest: Date | null;
  /** Orders whose window ended before the instant that was asked for, and the end of the first. */
  overdue: number;
  due: Date | null;
  /** The last scan, pick-up or delivery. */
  last: Date | null;
}

/** An update that should be there and is not. */
export interface Missing {
  rule: MissingRule;
  driver: Watched;
  /** Nothing was heard since; of overdue orders, when the first should have ended. */
  since: Date;
  /** Orders that are open, or overdue. */
  orders: number;
}

const MINUTE = 60_000;

/**
 * Which of the drivers owe an update. Silence counts from the last update, or from the beginning of the shift where that
 * is later.
 * @param minute the minute of the day by the house's clock
 */
export function missingOf(
  rule: MissingRule,
  watched: readonly Watched[],
  { shift }: Pick<MissingRules, 'shift'>,
  now: Date,
  minute: number,
): Missing[] {
  return watched.flatMap((driver) => {
    if (rule.dsps && !rule.dsps.includes(driver.dsp ?? '')) return [];
    if (rule.overdueMinutes !== undefined) {
      const enough = driver.overdue >= rule.openOrders && driver.due !== null;
      return enough ? [{ rule, driver, since: driver.due as Date, orders: driver.overdue }] : [];
    }
    const worked = minutesOnShift(driver, shift, minute);
    const heard = driver.last ?? driver.oldest;
    if (worked === null || heard === null || driver.open < rule.openOrders) return [];
    const since = new Date(Math.max(heard.getTime(), now.getTime() - worked * MINUTE));
    const silent = (now.getTime() - since.getTime()) / MINUTE;
    // Told is the last update; the shift's beginning only says from when it counts.
    return silent > (rule.noScanMinutes ?? 0) ? [{ rule, driver, since: heard, orders: driver.open }] : [];
  });
}

/** For how many minutes a driver has been on shift; null: he is not. A shift may go over midnight. */
function minutesOnShift(driver: Watched, shift: MissingRules['shift'], minute: number): number | null {
  if (driver.onShift === false) return null;
  const [from, to] = [minuteOf(driver.shiftFrom ?? shift.from), minuteOf(driver.shiftTo ?? shift.to)];
  const worked = (minute - from + 1440) % 1440;
  const length = (to - from + 1440) % 1440 || 1440;
  if (worked < length) return worked;
  return driver.onShift ? 1440 : null;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** What was found before and is not over. */
export interface Ongoing {
  id: number;
  rule: string;
  /** Blank: the DSP as a whole. */
  driverId: string;
  dsp: string | null;
  since: Date;
  alert: string;
}

/** What a check changes: what is new, and what is over. */
export function changesOf(
  found: readonly Missing[],
  ongoing: readonly Ongoing[],
): { fresh: Missing[]; over: Ongoing[] } {
  const known = new Map(ongoing.filter(({ driverId }) => driverId).map((one) => [`${one.rule}/${one.driverId}`, one]));
  const fresh: Missing[] = [];
  for (const one of found) {
    const key = `${one.rule.name}/${one.driver.driverId}`;
    const before = known.get(key);
    // Somebody who was heard and fell silent again is a new case; orders stay overdue until none is.
    const same = before && (one.rule.overdueMinutes !== undefined || before.since.getTime() === one.since.getTime());
    if (same) known.delete(key);
    else fresh.push(one);
  }
  return { fresh, over: [...known.values()] };
}
