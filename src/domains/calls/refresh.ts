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

/** Reads a day anew in both tracks: once, however many ask at the same time or shortly after. */
export function refreshDay(context: Context, day: Day): Promise<RefreshOutcome> {
  const ofDay = going.get(context.db) ?? new Map<Day, Promise<RefreshOutcome>>();
  going.set(context.db, ofDay);
  const asked = ofDay.get(day) ?? read(context, day).finally(() => ofDay.delete(day));
  ofDay.set(day, asked);
  return asked;
}

async function read(context: Context, day: Day): Promise<RefreshOutcome> {
  const since = context.clock.now().getTime() - COOL_MS;
  const rows = await dayRows(context.db, day, day);
  const recent = rows.filter(({ asOf, failedAt }) => Math.max(asOf?.getTime() ?? 0, failedAt?.getTime() ?? 0) > since);
  if (recent.length === 2) return { state: 'fresh' };
  const wish = { window: 'refresh', trigger: 'refresh', days: [day], waitMs: WAIT_MS } as const;
  const tracks = (['tasks', 'records'] as const).map((track) => runTrack(context, { ...wish, track }));
  const settled = await Promise.allSettled(tracks);
  for (const one of settled) {
    if (one.status === 'rejected') return { state: 'failed', error: messageOf(one.reason) };
    const problem = one.value.days[0]?.problem;
    if (problem) return { state: 'failed', error: problem };
  }
  return { state: 'read' };
}

/** Reads a day anew and shows it. */
export const callsRefresh = command({
  name: 'calls.refresh',
  summary: { zh: '重新读取一天的外呼数据', en: 'Read a day of calls anew from the upstream' },
  aliases: [
    { words: '刷新 外呼', leads: true },
    { words: 'calls refresh', leads: true },
  ],
  args: z.strictObject({
    day: z
      .union([z.enum(['today', 'yesterday']), z.iso.date()])
      .optional()
      .describe('today (default), yesterday, or YYYY-MM-DD'),
  }),
  reads: { day: dayReader },
  examples: { zh: ['刷新外呼', '刷新外呼 10-25'], en: ['calls refresh', 'calls refresh 2025-10-25'] },
  role: 'lead',
  audience: 'room',
  writes: true,
  async run(ask, { day: asked = 'today' }) {
    const { context, lang } = ask;
    const now = today(context.clock);
    const day = asked === 'today' ? now : asked === 'yesterday' ? addDays(now, -1) : asked;
    if (!context.sources.guanke) {
      throw new AskerError(
        pick(lang, '没有接入外呼系统，无法刷新。', 'No upstream for calls is set: nothing to refresh.'),
      );
    }
    if (day <= now) await refreshDay(context, day);
    return callsOfDay.run(ask, { day });
  },
});
