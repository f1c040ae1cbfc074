import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { deadline } from './deadline.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('the time runs out, also where only the signal is kept and garbage was collected', async () => {
  const stop = new AbortController();
  const { signal } = deadline(60, stop.signal);
  await sleep(10);
  collectGarbage();
  await sleep(100);
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toEqual(new Error('timeout after 0.06 s'));
});

test('a stop ends it at once, or after the grace; the time is told from the stop', async () => {
  const stop = new AbortController();
  const atOnce = deadline(10_000, stop.signal);
  const later = deadline(undefined, stop.signal, 40);
  stop.abort();
  expect([atOnce.signal.aborted, later.signal.aborted]).toEqual([true, false]);
  await sleep(80);
  expect([later.signal.aborted, later.passed, atOnce.passed]).toEqual([true, false, false]);
  expect(deadline(10_000, stop.signal).signal.aborted).toBe(true);
  atOnce.release();
});

test('a released one ends nothing any more', async () => {
  const stop = new AbortController();
  const wait = deadline(20, stop.signal);
  wait.release();
  stop.abort();
  await sleep(50);
  expect([wait.signal.aborted, wait.passed]).toEqual([false, false]);
});
