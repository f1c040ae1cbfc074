import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { jobs } from '../jobs/index.ts';
import { type App, createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { Job } from '../src/core/job.ts';
import type { Call } from '../src/core/message.ts';
import type { Clock } from '../src/core/time.ts';
import { plainText } from '../src/render/plain.ts';
import type { Answer } from '../src/runtime/dispatch/answer.ts';
import { runInline } from '../src/runtime/jobs/inline.ts';
import type { Run } from '../src/runtime/jobs/run.ts';
import { askerOf, LOCAL_OPERATOR } from '../src/runtime/people/people.ts';

/** A clock that a test turns. */
export interface TestClock extends Clock {
  set(at: string): void;
  advance(ms: number): void;
}

function testClock(at: string, zone = 'Asia/Shanghai'): TestClock {
  let now = new Date(at).getTime();
  return {
    zone,
    now: () => new Date(now),
    set(to) {
      now = new Date(to).getTime();
    },
    advance(ms) {
      now += ms;
    },
  };
}

/** Who says something, and where. Without `as`: the local operator. */
export interface Saying {
  as?: string;
  group?: boolean;
}

export interface TestApp {
  app: App;
  clock: TestClock;
  folder: string;
  /** Says a line, or presses a button, and gives the whole answer. */
  ask(said: string | Call, saying?: Saying): Promise<Answer>;
  /** The same as plain text. */
  say(said: string | Call, saying?: Saying): Promise<string>;
  run(job: string, args?: Record<string, unknown>): Promise<Run>;
  /** Sends all letters that are due. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

/** The real app on a database of its own in a temporary folder, with a clock that stands still. */
export async function testApp(
  options: { at?: string; settings?: Record<string, string>; folder?: string } = {},
): Promise<TestApp> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'fieldbell-')));
  const clock = testClock(options.at ?? '2026-11-20T14:20:00+08:00');
  const config = readConfig({
    DATABASE_URL: `file:${join(folder, 'fieldbell.db')}`,
    FIELDBELL_DATA: folder,
    FIELDBELL_SAMPLE: 'off',
    FIELDBELL_PORT: '0',
    ...options.settings,
  });
  const app = await createApp(config, { clock, log: pino({ level: 'silent' }) });
  const ask: TestApp['ask'] = async (said, { as, group = false } = {}) => {
    const asker = as ? askerOf(await app.people.find(as)) : LOCAL_OPERATOR;
    return app.answer({ asker, group, ...(typeof said === 'string' ? { text: said } : { call: said }) });
  };
  return {
    app,
    clock,
    folder,
    ask,
    say: async (said, saying) => plainText((await ask(said, saying)).message, { clock }),
    async run(name, args = {}) {
      const job = jobs.find((one: Job) => one.name === name);
      if (!job) throw new Error(`no job ${name}`);
      return runInline(job, app.context, args);
    },
    deliver: () => app.dispatcher.drain(),
    async close() {
      await app.close();
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
}
