import { z } from 'zod';
import { command } from '../../core/command.ts';
import { pick } from '../../core/message.ts';
import { localMinute } from '../../core/time.ts';
import { listAudit } from './store.ts';

const PAGE = 50;

/** `audit.list`: who signed in and who changed what. */
export const auditList = command({
  name: 'audit.list',
  summary: { zh: '审计：谁登录过，谁改了什么', en: 'The audit: who signed in, who changed what' },
  aliases: [{ words: '审计记录' }, { words: 'audit' }],
  args: z.strictObject({
    action: z.string().max(80).optional().describe('What its name begins with, e.g. channels or sign-in'),
    subject: z.string().max(200).optional().describe('What was changed, e.g. channel:lobby'),
    before: z.int().positive().optional().describe('Older than this number, to turn the page'),
  }),
  examples: { zh: ['审计记录'], en: ['audit'] },
  role: 'admin',
  audience: 'asker',
  async run({ lang, context }, args) {
    const found = await listAudit(context.db, { ...given(args), limit: PAGE + 1 });
    const rows = found.slice(0, PAGE);
    return {
      title: rows.length === 0 ? pick(lang, '没有记录', 'Nothing recorded') : pick(lang, '审计记录', 'Audit'),
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '时间', 'When') },
            { label: pick(lang, '谁', 'Who') },
            { label: pick(lang, '做了什么', 'Did') },
            { label: pick(lang, '对象', 'To') },
          ],
          rows: rows.map((one) => [localMinute(one.at, context.clock.zone), one.name, one.action, one.subject ?? '']),
        },
      ],
      data: {
        entries: rows.map(({ at, before, after, ...one }) => ({
          ...one,
          at: at.toISOString(),
          before: before === null ? null : JSON.parse(before),
          after: after === null ? null : JSON.parse(after),
        })),
        next: found.length > PAGE ? (rows.at(-1)?.seq ?? null) : null,
      },
    };
  },
});

/** Without what is undefined. */
function given<T extends object>(args: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as never;
}
