import { type Day, dayOf, instantOf, isDay } from '../../core/time.ts';

const WRITTEN =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * When a contract was signed: an ISO instant, or wall time or a bare day in the house's zone; the day is the zone's.
 * Null where there is no time, or it cannot be read.
 */
export function momentOf(text: string | null, zone: string): { at: Date; day: Day } | null {
  const parts = text && WRITTEN.exec(text);
  if (!parts) return null;
  const [year = '', month = '', date = '', hour = '0', minute = '00', second = '00', offset] = parts.slice(1);
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const time = `${hour.padStart(2, '0')}:${minute}:${second}`;
  if (time > '23:59:59' || minute > '59' || second > '59') return null;
  if (!offset) return isDay(day) ? { at: instantOf(day, time, zone), day } : null;
  const at = new Date(`${day}T${time}${offset}`);
  return Number.isNaN(at.getTime()) ? null : { at, day: dayIn(at, zone) };
}

const days = new Map<string, Day>();

/** Remembered by the quarter of an hour, which no zone's offset divides: a file holds many contracts of one day. */
function dayIn(instant: Date, zone: string): Day {
  const key = `${zone} ${Math.floor(instant.getTime() / 900_000)}`;
  let day = days.get(key);
  if (!day) {
    if (days.size > 10_000) days.clear();
    day = dayOf(instant, zone);
    days.set(key, day);
  }
  return day;
}
