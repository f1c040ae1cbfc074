import { Cron } from 'croner';
import { messageOf } from '../../core/errors.ts';

/**
 * When jobs are due: cron with five fields, in the house's time zone whatever the machine's is; day of month or day of
 * week where both are given, 0 and 7 are Sunday.
 *
 * Bree could do this too (`cron` with `timezone`, by later.js), and is not asked to: it shifts by the offset between the
 * two zones as it is now, so it is an hour off when either changes to or from summer time before the next run; it takes
 * 7 for Saturday and demands both days where cron takes either; and it drops a run when it is started in the second
 * before it. Bree runs what is due here.
 */
export function nextDue(cron: string, after: Date, zone: string): Date | null {
  return new Cron(cron, { timezone: zone }).nextRun(after);
}

/** Every due instant after `after` up to and including `until`, in order. */
export function duesBetween(cron: string, after: Date, until: Date, zone: string): Date[] {
  const pattern = new Cron(cron, { timezone: zone });
  const dues: Date[] = [];
  for (let due = pattern.nextRun(after); due && due <= until; due = pattern.nextRun(due)) dues.push(due);
  return dues;
}

/** The last due instant after `after` up to and including `until`; looks back in widening steps, not at every instant. */
export function latestDue(cron: string, after: Date, until: Date, zone: string): Date | null {
  for (let span = 60_000; ; span *= 4) {
    const from = new Date(Math.max(after.getTime(), until.getTime() - span));
    const latest = duesBetween(cron, from, until, zone).at(-1);
    if (latest || from <= after) return latest ?? null;
  }
}

/** What is wrong with a cron text; null where nothing is. */
export function cronMistake(cron: string): string | null {
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5) return `"${cron}" has ${fields} fields, not five (minute hour day month weekday)`;
  try {
    new Cron(cron);
    return null;
  } catch (error) {
    return `"${cron}" cannot be read: ${messageOf(error)}`;
  }
}
