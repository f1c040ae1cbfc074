import { threadId } from 'node:worker_threads';
import { z } from 'zod';
import { job } from '../../src/core/job.ts';
import { readSetting, writeSetting } from '../../src/store/settings.ts';

const bare = z.strictObject({});

/** Jobs that do what jobs do, and what they ought not to do. */

/** Says in which thread it ran and what time it was there. */
export const look = job({
  name: 'test.look',
  summary: { zh: 'Looks at the clock', en: 'Looks at the clock' },
  cron: '0 18 * * *',
  missed: 'once',
  args: z.strictObject({ add: z.number().default(1) }),
  timeout: 10_000,
  run: async (context, { add }) => ({ thread: threadId, now: context.clock.now().getTime(), add }),
});

export const everyHour = job({
  ...look,
  name: 'test.hourly',
  summary: { zh: 'Looks every hour', en: 'Looks every hour' },
  cron: '0 * * * *',
  missed: 'all',
});

/** Takes as many milliseconds as the setting `pause` says, and stops when asked to. */
export const pause = job({
  name: 'test.pause',
  summary: { zh: 'Waits', en: 'Waits' },
  cron: '0 18 * * *',
  missed: 'once',
  args: bare,
  timeout: 30_000,
  async run({ db, signal }) {
    await writeSetting(db, 'begun', 'yes');
    const ms = Number(await readSetting(db, 'pause'));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
    return { waited: ms };
  },
});

export const hurried = job({
  name: 'test.hurried',
  summary: { zh: 'Waits until it is stopped', en: 'Waits until it is stopped' },
  missed: 'skip',
  args: bare,
  timeout: 50,
  run: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
});

/** Hears nothing: computes for ever. */
export const deaf = job({
  name: 'test.deaf',
  summary: { zh: 'Never ends', en: 'Never ends' },
  missed: 'skip',
  args: bare,
  timeout: 100,
  async run({ db }) {
    await writeSetting(db, 'begun', 'yes');
    for (;;);
  },
});

export const stubborn = job({ ...deaf, name: 'test.stubborn', timeout: 60_000 });

export const failing = job({
  name: 'test.failing',
  summary: { zh: 'Throws', en: 'Throws' },
  missed: 'skip',
  args: bare,
  timeout: 10_000,
  async run() {
    throw new Error('GET https://hook:s3cret@example.com/send?key=k-123&n=1\n  answered 500');
  },
});

export const dying = job({
  name: 'test.dying',
  summary: { zh: 'Takes its thread with it', en: 'Takes its thread with it' },
  missed: 'skip',
  args: bare,
  timeout: 10_000,
  async run() {
    setTimeout(() => {
      throw new Error('nobody caught this');
    });
    return new Promise(() => {});
  },
});

export const posting = job({
  name: 'test.posting',
  summary: { zh: 'Posts three letters', en: 'Posts three letters' },
  missed: 'skip',
  args: bare,
  timeout: 10_000,
  async run({ outbox }) {
    for (const key of ['1', '2', '3']) {
      await outbox.post({ key, to: 'console:test', message: { title: key }, class: 'notice' });
    }
    return { said: 3 };
  },
});

/** Fails every hour while the setting `trouble` says so. */
export const troubled = job({
  name: 'test.troubled',
  summary: { zh: '时好时坏', en: 'Well at times' },
  cron: '0 * * * *',
  missed: 'all',
  args: bare,
  timeout: 10_000,
  async run({ db }) {
    if (await readSetting(db, 'trouble')) throw new Error('Metabase /api/card/1/query: HTTP 500');
    return { said: 0 };
  },
});

export const testJobs = [look, everyHour, pause, hurried, deaf, stubborn, failing, dying, posting, troubled];
