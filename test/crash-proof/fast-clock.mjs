// Loaded before the service (`node --import`): its clock and its timers run faster, so that back-off, limits per minute
// and time-outs take seconds. What Node itself does (sockets, `fetch`) keeps real time.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

const [from, speed] = (process.env['CRASH_PROOF_CLOCK'] ?? '0:1').split(':').map(Number);
const RealDate = Date;
const realNow = RealDate.now;
const now = () => Math.round(from + (realNow() - from) * speed);

RealDate.now = now;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : new target(...args)),
});

const { setTimeout: later, setInterval: often } = globalThis;
const wait = timersPromises.setTimeout;
const faster = (ms) => (ms === undefined ? ms : Math.max(1, ms / speed));
const setTimeoutFaster = (work, ms, ...args) => later(work, faster(ms), ...args);
const setIntervalFaster = (work, ms, ...args) => often(work, faster(ms), ...args);
const waitFaster = (ms, ...rest) => wait(faster(ms), ...rest);
Object.defineProperty(setTimeoutFaster, promisify.custom, { value: waitFaster });

for (const place of [globalThis, timers])
  Object.assign(place, { setTimeout: setTimeoutFaster, setInterval: setIntervalFaster });
timersPromises.setTimeout = waitFaster;
syncBuiltinESMExports();

AbortSignal.timeout = (ms) => {
  const controller = new AbortController();
  setTimeoutFaster(() => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), ms).unref();
  return controller.signal;
};
