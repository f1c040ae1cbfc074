import type { Clock } from '../../src/core/time.ts';

/** The clock of the service under proof and of the emulators: `speed` times as fast as the machine's. */
export interface FastClock extends Clock {
  readonly speed: number;
  /** For `fast-clock.mjs`, so that the service goes by the same clock. */
  readonly setting: string;
}

export function fastClock(speed: number): FastClock {
  const from = Date.now();
  return {
    zone: 'Asia/Shanghai',
    speed,
    setting: `${from}:${speed}`,
    now: () => new Date(Math.round(from + (Date.now() - from) * speed)),
  };
}
