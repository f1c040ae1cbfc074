import type { Context } from '../../core/context.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import { addDays, type Day, dayOf, daysBetween, instantOf, today, weekday } from '../../core/time.ts';
import type { CallRow } from './model.ts';
import { newestSampleCall, removeSampleCalls, saveCalls } from './store.ts';

const DAYS = 35;
const SEATS = 15;
/** The share of a day's calls that were made by the end of each hour from 9 to 20. */
const MADE_BY = [0.07, 0.19, 0.3, 0.35, 0.41, 0.51, 0.61, 0.71, 0.8, 0.87, 0.95, 1];
const LABELS = [
  'AF2-在忙',
  'AF3-加微信成功挂断',
  'AF5-没说话挂断',
  'AN2-不需要',
  'AN4-已报名',
  'AOT-其他',
  'AG-未操作',
  '',
];

/** Invented calls of the last five weeks up to now; later, those that were missing since. */
export async function fillSampleCalls(context: Context): Promise<void> {
  const { db, clock } = context;
  const now = clock.now();
  const first = addDays(today(clock), -DAYS);
  const newest = await newestSampleCall(db);
  const known = newest ? dayOf(newest, clock.zone) : first;
  const rows = daysBetween(first, today(clock))
    .filter((day) => day >= known)
    .flatMap((day) => callsOfDay(day, clock.zone))
    .filter((row) => row.calledAt <= now && (!newest || row.calledAt > newest));
  await saveCalls(context, rows, { sample: true, source: '' });
}

export function removeSample({ db }: Context): Promise<void> {
  return removeSampleCalls(db);
}

/** The same calls for the same day, whenever it is asked. */
function callsOfDay(day: Day, zone: string): CallRow[] {
  const random = seededRandom(day);
  const count = weekday(day) <= 5 ? 800 + Math.floor(random() * 700) : 250 + Math.floor(random() * 200);
  const opening = instantOf(day, '09:00:00', zone).getTime();
  const seats = Array.from({ length: SEATS }, (_, seat) => seat).filter(() => random() < 0.93);
  const times = Array.from({ length: count }, () => timeOfCall(random)).sort((a, b) => a - b);
  return times.map((second, index) => {
    const seat = seats[Math.floor(random() * seats.length)] ?? 0;
    const task = Math.floor(random() * 6);
    const connected = random() < 0.16;
    return {
      id: `sample-call-${day}-${String(index + 1).padStart(4, '0')}`,
      day,
      hour: 9 + Math.floor(second / 3600),
      calledAt: new Date(opening + second * 1000),
      taskId: `sample-task-${day}-${task + 1}`,
      taskName: `甲地-${day.slice(5).replace('-', '')}-高中-5000-O${task + 1}-A-L${task + 1}`,
      seatId: String(9001 + seat),
      seatName: `坐席A${String(seat + 1).padStart(2, '0')}`,
      line: `线路${1 + task}`,
      durationS: connected ? 5 + Math.floor(random() ** 3 * 300) : 0,
      dialled: true,
      connected,
      grade: connected ? labelOf(random) : '',
    };
  });
}

/** Seconds since opening. */
function timeOfCall(random: () => number): number {
  const share = random();
  return MADE_BY.findIndex((end) => share < end) * 3600 + Math.floor(random() * 3600);
}

/** One connected call in eight is an order, most of them of the 9-yuan product. */
function labelOf(random: () => number): string {
  if (random() < 0.12) return random() < 0.8 ? 'AS1-成功单9元' : 'AS2-成功单1元';
  return LABELS[Math.floor(random() * LABELS.length)] ?? '';
}
