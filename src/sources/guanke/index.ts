import type { Logger } from 'pino';
import { messageOf } from '../../core/errors.ts';
import type { Guanke, GuankeWish } from '../../core/guanke.ts';
import { type Clock, type Day, today } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { type Patience, patiently } from '../patience.ts';
import { openBudget } from './budget.ts';
import { PAGE_ROWS, pageFrom, scanPages } from './records.ts';
import { QUERY_TYPES, readStat } from './stat.ts';
import { type GuankeSignIn, openAsk } from './token.ts';
import { type Envelope, openWire } from './wire.ts';

const HEALTH = 'guanke.health';
const PATIENCE: Patience = { tries: 5, firstPauseMs: 500, longestPauseMs: 60_000 };

/** The two addresses under which the vendor gives call records, with the names of their parameters. */
const RECORDS = {
  '/task/cdr/all2': { from: 'startTime', to: 'endTime', size: 'pageSize' },
  '/call_record/getCallRecord': { from: 'start_datetime', to: 'end_datetime', size: 'page_size' },
} as const;

export interface GuankeAccount {
  /** Without a slash at its end. */
  baseUrl: string;
  signIn: GuankeSignIn;
  recordsPath: keyof typeof RECORDS;
  /** Requests at the same time. */
  atOnce: number;
}

/** Opens a Guanke; nothing is asked before somebody does. */
export function openGuanke(
  { baseUrl, signIn, recordsPath, atOnce }: GuankeAccount,
  tools: { clock: Clock; log: Logger; db: Database },
  options: { timeoutMs?: number; patience?: Patience } = {},
): Guanke {
  const { db, clock } = tools;
  const log = tools.log.child({ part: 'guanke' });
  const patience = options.patience ?? PATIENCE;
  const wire = openWire(baseUrl, options.timeoutMs);
  const ask = openAsk(signIn, { base: baseUrl, wire, db, clock });
  const budget = openBudget(atOnce);

  /** Asks until it is well, within the budget; reading the answer is part of the try. */
  function asker({ signal }: GuankeWish) {
    let retries = 0;
    const asking = <T>(request: Omit<Parameters<typeof ask>[0], 'signal'>, read: (answer: Envelope) => T): Promise<T> =>
      patiently(
        () => budget(async () => read(await ask({ ...request, signal }))),
        signal,
        patience,
        (error) => {
          retries++;
          log.warn({ path: request.path, reason: error.message }, 'asked again');
        },
      );
    return { asking, retries: () => retries };
  }

  async function noting<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      if ((await readSetting(db, HEALTH)) !== 'ok') await writeSetting(db, HEALTH, 'ok');
      return done;
    } catch (error) {
      signal.throwIfAborted();
      await writeSetting(db, HEALTH, `failed at ${clock.now().toISOString()}: ${messageOf(error)}`);
      throw error;
    }
  }

  return {
    stat: (day, kind, wish) =>
      noting(wish.signal, async () => {
        const { asking, retries } = asker(wish);
        const body = { start_time: day, end_time: day, query_type: QUERY_TYPES[kind] };
        const read = await asking({ path: '/extension/agent/stat', body }, ({ data }) => readStat(data));
        return { ...read, retries: retries() };
      }),
    records: (day, read, wish) =>
      noting(wish.signal, async () => {
        const { asking, retries } = asker(wish);
        const names = RECORDS[recordsPath];
        const window = { [names.from]: `${day} 00:00:00`, [names.to]: endOf(day, clock), [names.size]: PAGE_ROWS };
        const scan = await scanPages(
          (page, known) => asking({ path: recordsPath, query: { ...window, page }, known }, pageFrom),
          read,
          {
            seen: wish.seen,
            progress: (count, expected) => wish.progress?.(`${day}: ${count} of ${expected} records`),
          },
        );
        return { ...scan, retries: retries() };
      }),
    health: async () => (await readSetting(db, HEALTH)) ?? 'ok',
  };
}

/** Of today, the second that is over: what is added meanwhile does not shift the pages. */
function endOf(day: Day, clock: Clock): string {
  if (day < today(clock)) return `${day} 23:59:59`;
  const now = clock.now();
  const wall = new Intl.DateTimeFormat('en-GB', { timeZone: clock.zone, timeStyle: 'medium' }).format(now);
  return `${day} ${wall}`;
}
