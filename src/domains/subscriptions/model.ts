import { type Address, schemeOf } from '../../core/platform.ts';
import { duesBetween, type Schedule } from './schedule.ts';

/** What to do about due times at which nothing ran: nothing, the last of them, or every one. */
export const MISSED = ['skip', 'once', 'all'] as const;
export type Missed = (typeof MISSED)[number];

/** A line that is asked on a schedule, in its owner's name. */
export interface Subscription {
  id: number;
  /** As typed, and understood anew each time: 今日 is the day of each run. */
  line: string;
  schedule: Schedule;
  missed: Missed;
  /** A group's address, or `person:ID`. */
  to: Address;
  ownerId: string | null;
  lang: 'zh' | 'en';
  /** Up to which instant its due times are accounted for. */
  doneUntil: Date;
  sample: boolean;
}

export function isForRoom({ to }: Pick<Subscription, 'to'>): boolean {
  return schemeOf(to) !== 'person';
}

/** Within this many milliseconds a run is on time, and one that failed is tried again. */
const GRACE_MS = 10 * 60_000;

/** At most so many missed due times are made good. */
const MOST = 100;

export interface Plan {
  /** Due times to run now, in order. */
  runs: Date[];
  /** The last due time that is given up with no run after it. */
  skippedUntil: Date | undefined;
  skipped: number;
}

/** What is to be done about the due times since a subscription was last looked after, by its policy. */
export function plan(subscription: Subscription, now: Date, zone: string): Plan {
  const { schedule, missed, doneUntil } = subscription;
  const dues = duesBetween(schedule, doneUntil, now, zone);
  const kept = { skip: dues.filter((due) => !isLate(due, now)), once: dues.slice(-1), all: dues.slice(-MOST) };
  const runs = kept[missed];
  return {
    runs,
    skippedUntil: runs.length === 0 ? dues.at(-1) : undefined,
    skipped: dues.length - runs.length,
  };
}

export function isLate(due: Date, now: Date): boolean {
  return now.getTime() - due.getTime() > GRACE_MS;
}
