import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, pick } from '../../core/message.ts';
import { momentOf } from '../../core/moment.ts';
import type { Operator } from '../../core/operator.ts';

/** A job by hand: really, or on a copy. */

/** @throws AskerError in a process without jobs */
export function operatorOf({ context, lang }: Ask): Operator {
  if (context.operator) return context.operator;
  throw new AskerError(pick(lang, '这里看不到任务。', 'Jobs cannot be seen here.'));
}

/** A job, its arguments, and the clock: with an offset, or as wall time of the house. */
const wanted = z.strictObject({
  job: z.string().max(100).describe('Which job'),
  args: z.record(z.string(), z.json()).default({}).describe('Its arguments'),
  at: z.string().max(40).optional().describe('As if the clock stood here: 2026-11-20T09:00, or with an offset'),
});

/** @throws AskerError where it is no instant */
function clockAt({ context, lang }: Ask, at: string | undefined): Date | undefined {
  if (at === undefined) return undefined;
  const instant = momentOf(at, context.clock.zone);
  if (!instant) {
    throw new AskerError(
      pick(lang, `时刻「${at}」看不懂，例：2026-11-20T09:00。`, `“${at}” is no instant, e.g. 2026-11-20T09:00.`),
    );
  }
  return instant;
}

const run = command({
  name: 'jobs.run',
  summary: { zh: '现在运行一个任务', en: 'Runs a job now' },
  aliases: [],
  args: wanted,
  examples: { zh: [], en: [] },
  role: 'admin',
  writes: true,
  async run(ask, { job, args, at }) {
    await operatorOf(ask).runJob(job, args, { at: clockAt(ask, at) });
    await ask.record({ subject: `job:${job}`, after: { args, ...(at && { at }) } });
    return { title: pick(ask.lang, `${job} 已开始运行`, `${job} has begun`), tone: 'good' };
  },
});

const dryRun = command({
  name: 'jobs.dry-run',
  summary: {
    zh: '试运行一个任务：在数据库副本上，不发送',
    en: 'Tries a job on a copy of the database: nothing is sent',
  },
  aliases: [],
  args: wanted,
  examples: { zh: [], en: [] },
  role: 'admin',
  audience: 'asker',
  async run(ask, { job, args, at }) {
    const { lang } = ask;
    const { outcome, letters } = await operatorOf(ask).dryRun(job, args, { at: clockAt(ask, at) });
    const done = outcome.state === 'done';
    const count = letters.length;
    return {
      title: done
        ? pick(lang, `试运行完成：会发 ${count} 条，一条都没发`, `Tried: it would post ${count}, and none was sent`)
        : pick(lang, `试运行失败：${outcome.error ?? ''}`, `It failed: ${outcome.error ?? ''}`),
      tone: done ? 'good' : 'bad',
      lang,
      blocks: letters.map(({ recipient, text }) => ({ type: 'text', text: `${recipient}：${text}` })),
      data: asData({
        outcome: { state: outcome.state, counts: outcome.counts ?? null, error: outcome.error ?? null },
        letters,
      }),
    };
  },
});

export const runCommands = [run, dryRun];
