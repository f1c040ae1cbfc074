import { type Clock, systemClock } from '../../src/core/time.ts';

/** A clock that runs, from `at` on. */
export function clockFrom(zone: string, at: string): Clock {
  const real = systemClock(zone);
  const shift = new Date(at).getTime() - real.now().getTime();
  return { zone, now: () => new Date(real.now().getTime() + shift) };
}
