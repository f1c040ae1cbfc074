import { seededRandom } from '../../src/core/seeded-random.ts';
import { type Day, instantOf } from '../../src/core/time.ts';

const ZONE = 'Asia/Shanghai';

/** A call as the emulated upstream keeps it. */
export interface EmulatedCall {
  id: string;
  taskId: number;
  taskName: string;
  userId: number;
  deviceId: number;
  deviceName: string;
  /** Epoch seconds. */
  callTime: number;
  duration: number;
  /** 0 not dialled, 1 not connected, 2 connected. */
  callState: 0 | 1 | 2;
  grade: string | null;
}

/** What a day is made of. */
interface DayPlan {
  records: number;
  /** Orders of each product. */
  nine?: number;
  one?: number;
  /** Labels that only look like orders: 19元, 11元. */
  decoys?: number;
  seats?: number;
  seed?: number;
  /** The last hour with calls; default 20. */
  lastHour?: number;
}

/** The name of a seat's account. */
export function seatName(userId: number): string {
  return userId === 9000 ? '助理' : `坐席A${String(userId - 9000).padStart(2, '0')}`;
}

let serial = 3_781_366_465_270_000_000n;

/** A day's calls, in the order of time; the same plan gives the same calls but for their ids, which are never given twice. */
export function planDay(day: Day, plan: DayPlan): EmulatedCall[] {
  const { records, nine = 0, one = 0, decoys = 0, seats = 5, lastHour = 20 } = plan;
  const random = seededRandom(`${day}/${plan.seed ?? 1}`);
  const start = instantOf(day, '09:00:00', ZONE).getTime() / 1_000;
  const span = (lastHour - 8) * 3_600;
  const calls = Array.from({ length: records }, (_, at): EmulatedCall => {
    const callState = random() < 0.02 ? 0 : random() < 0.16 ? 2 : 1;
    const task = Math.floor(random() * Math.min(40, 1 + records / 20));
    const line = 1 + Math.floor(random() * 4);
    serial += 7n;
    return {
      id: String(serial),
      taskId: 3_790_000 + task,
      taskName: `甲地-${day.slice(5).replace('-', '')}-高中-5000-O2-A-L${1 + (task % 4)}-${task}`,
      userId: 9_001 + Math.floor(random() * seats),
      deviceId: 10 + line,
      deviceName: `线路${line}`,
      callTime: start + Math.floor((span * at) / records),
      duration: callState === 2 ? 1 + Math.floor(random() * 120) : 0,
      callState,
      grade: callState === 2 ? (['AG-未操作', 'AF2-在忙', null, ''][Math.floor(random() * 4)] ?? null) : null,
    };
  });
  const labels = [
    ...Array.from({ length: nine }, () => 'AS1-成功单9元'),
    ...Array.from({ length: one }, () => 'AS2-成功单1元'),
    ...Array.from({ length: decoys }, (_, at) => ['成功单19元', '成功单11元', '成功单29元'][at % 3] as string),
  ];
  const step = Math.max(1, Math.floor(records / (labels.length + 1)));
  for (const [at, label] of labels.entries()) {
    const call = calls[(at + 1) * step - 1];
    if (call) Object.assign(call, { grade: label, callState: 2, duration: 30 });
  }
  return calls;
}

/** A day's true figures. */
export interface Truth {
  records: number;
  dialled: number;
  connected: number;
  nine: number;
  one: number;
  /** Accounts that dialled. */
  seats: number;
  byHour: Record<number, number>;
}

/** Counted from the calls, by nothing that the product uses. */
export function truthOf(calls: readonly EmulatedCall[]): Truth {
  const truth: Truth = { records: calls.length, dialled: 0, connected: 0, nine: 0, one: 0, seats: 0, byHour: {} };
  const seats = new Set<number>();
  for (const call of calls) {
    if (call.grade === 'AS1-成功单9元') truth.nine++;
    if (call.grade === 'AS2-成功单1元') truth.one++;
    if (call.callState === 2) truth.connected++;
    if (call.callState === 0) continue;
    truth.dialled++;
    seats.add(call.userId);
    const hour = new Date((call.callTime + 8 * 3_600) * 1_000).getUTCHours();
    truth.byHour[hour] = (truth.byHour[hour] ?? 0) + 1;
  }
  truth.seats = [...seats].filter((id) => id !== 9_000).length;
  return truth;
}
