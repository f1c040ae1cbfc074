/** Places in the code at which `npm run crash-proof` ends the process, as if the power had gone. */
export const CRASH_POINTS = [
  'letter posted',
  'dispatch taken over',
  'half sent found',
  'half sent settled',
  'names resolved',
  'before a write',
  'after a write',
  'letter claimed',
  'before a send',
  'after a send',
  'between parcels',
  'send failed',
  'failure written',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** At which point to end, when it is reached for the `times`-th time. */
export interface CrashAt {
  point: CrashPoint;
  times: number;
}

let armed: CrashAt | undefined;

/** Called once, with the setting `FIELDBELL_CRASH_AT`; without it every point is passed by. */
export function armCrashPoint(at: CrashAt | undefined): void {
  armed = at && { ...at };
}

/** Ends the process here, at once and without any cleaning up, where that was asked for. */
export function crashPoint(point: CrashPoint): void {
  if (armed?.point !== point) return;
  armed.times--;
  if (armed.times <= 0) process.kill(process.pid, 'SIGKILL');
}
