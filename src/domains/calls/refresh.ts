import { z } from 'zod';
import { command } from '../../core/command.ts';
import type { Context } from '../../core/context.ts';
import { AskerError, messageOf } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { day as dayReader } from '../../core/reader.ts';
import { addDays, type Day, today } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { callsOfDay } from './commands.ts';
import { runTrack } from './runs/run.ts';
import { dayRows } from './sync/store.ts';

/** What was read, or could not be read, this short a time ago is not read again, however many ask. */
const COOL_MS = 60_000;
const WAIT_MS = 30_000;

const going = new WeakMap<Database, Map<Day, Promise<RefreshOutcome>>>();

/** `fresh`: it was read a moment ago; `failed`: what was known stays. */
export type RefreshOutcome = { state: 'read' | 'fresh' } | { state: 'failed'; error: string };

/**
 * Reads a day anew in both tracks: once, however many ask at the same time or shortly after.
 * @param force what comes takes the place of what is kept even where it is much less, now
 */
export function refreshDay(context: Context, day: Day, force = false): Promise<RefreshOutcome> {
  if (force) return read(context, day, 0, true);
  const ofDay = going.get(context.db) ?? new Map<Day, Promise<RefreshOutcome>>();
  going.set(context.db, ofDay);
  const asked = ofDay.get(day) ?? read(context, day).finally(() => ofDay.delete(day));
  ofDay.set(day, asked);
  return asked;
}

async function read(context: Context, day: Day, coolMs = COOL_MS, force = false): Promise<RefreshOutcome> {
  const since = context.clock.now().getTime() - coolMs;
  const rows = await dayRows(context.db, day, day);
  const recent = rows.filter(({ asOf, failedAt }) => Math.max(asOf?.getTime() ?? 0, failedAt?.getTime() ?? 0) > since);
  if (recent.length === 2 && !force) return { state: 'fresh' };
  const wish = { window: 'refresh', trigger: 'refresh', days: [day], waitMs: WAIT_MS, force } as const;
  const tracks = (['tasks', 'records'] as const).map((track) => runTrack(context, { ...wish, track }));
  const settled = await Promise.allSettled(tracks);
  for (const one of settled) {
    if (one.status === 'rejected') return { state: 'failed', error: messageOf(one.reason) };
    const outcome = one.value.days[0];
    if (outcome?.state !== 'complete') return { state: 'failed', error: outcome?.problem ?? 'not complete' };
  }
  return { state: 'read' };
}

/** What is kept of a day, for the audit. */
async function sizesOf({ db }: Context, day: Day) {
  const rows = await dayRows(db, day, day);
  return rows.map(({ track, kept, rowsRead, dialled, success }) => ({ track, kept, rowsRead, dialled, success }));
}

/** Reads a day anew and shows it. */
export const callsRefresh = command({
  name: 'calls.refresh',
  summary: { zh: '重新读取一天的外呼数据', en: 'Read a day of calls anew from the upstream' },
  aliases: [
    { words: '强制 刷新 外呼', leads: true, args: { force: 'yes' } },
    { words: 'calls force refresh', leads: true, args: { force: 'yes' } },
    { words: '刷新 外呼', leads: true },
    { words: 'calls refresh', leads: true },
  ],
  args: z.strictObject({
    day: z
      .union([z.enum(['today', 'yesterday']), z.iso.date()])
      .optional()
      .describe('today (default), yesterday, or YYYY-MM-DD'),
    force: z
      .enum(['yes', 'no'])
      .optional()
      .describe('yes: what comes takes the place of what is kept even where it is much less'),
  }),
  reads: { day: dayReader },
  examples: {
    zh: ['刷新外呼', '刷新外呼 10-25', '强制刷新外呼 10-25'],
    en: ['calls refresh', 'calls refresh 2025-10-25', 'calls force refresh 2025-10-25'],
  },
  role: 'lead',
  audience: 'room',
  writes: true,
  async run(ask, { day: asked = 'today', force }) {
    const { context, lang } = ask;
    const now = today(context.clock);
    const day = asked === 'today' ? now : asked === 'yesterday' ? addDays(now, -1) : asked;
    if (!context.sources.guanke) {
      throw new AskerError(
        pick(lang, '没有接入外呼系统，无法刷新。', 'No upstream for calls is set: nothing to refresh.'),
      );
    }
    const forced = force === 'yes';
    const before = await sizesOf(context, day);
    if (day <= now) await refreshDay(context, day, forced);
    if (forced) await ask.record({ subject: `calls:${day}`, before, after: await sizesOf(context, day) });
    return callsOfDay.run(ask, { day });
  },
});
