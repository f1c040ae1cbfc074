import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, pick } from '../../core/message.ts';
import { addDays, clockTime, sayDay, today } from '../../core/time.ts';

const FURTHEST_DAYS = 31;

/** `rehearsal.run`: the schedule of a day, run now on a copy of the database; nothing is sent. */
export const rehearsalRun = command({
  name: 'rehearsal.run',
  summary: {
    zh: '预演：某天的计划现在跑一遍，不发给任何人',
    en: 'Rehearsal: the schedule of a day, run now into nowhere',
  },
  aliases: [{ words: '预演' }, { words: 'rehearsal' }],
  args: z.strictObject({ day: z.iso.date().optional().describe('Which day; default: tomorrow') }),
  examples: { zh: ['预演'], en: ['rehearsal'] },
  role: 'admin',
  audience: 'asker',
  async run({ lang, context }, { day = addDays(today(context.clock), 1) }) {
    const { operator, clock } = context;
    if (!operator) throw new AskerError(pick(lang, '这里不能预演。', 'Nothing can be rehearsed here.'));
    const first = today(clock);
    if (day < first || day > addDays(first, FURTHEST_DAYS)) {
      throw new AskerError(
        pick(lang, `只能预演今天起 ${FURTHEST_DAYS} 天内的。`, `Only the next ${FURTHEST_DAYS} days can be rehearsed.`),
      );
    }
    const rehearsal = await operator.rehearse(day);
    const { letters, runs } = rehearsal;
    const last = letters
      .flatMap(({ out }) => out ?? [])
      .sort()
      .at(-1);
    const at = (iso: string | null) => (iso ? clockTime(new Date(iso), clock.zone) : '—');
    const failed = runs.filter(({ error }) => error !== null).length;
    return {
      title: pick(
        lang,
        `${sayDay(day, lang)} 会发 ${letters.length} 条${last ? `，最后一条 ${at(last)}` : ''}${failed > 0 ? `，${failed} 次任务没跑成` : ''}`,
        `${sayDay(day, lang)}: ${letters.length} letters${last ? `, the last one at ${at(last)}` : ''}${failed > 0 ? `, ${failed} runs failed` : ''}`,
      ),
      tone: failed > 0 || letters.some(({ held }) => held !== null) ? 'warn' : 'good',
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '时间', 'When') },
            { label: pick(lang, '发给', 'To') },
            { label: pick(lang, '内容', 'What') },
          ],
          rows: letters.slice(0, 20).map((one) => [at(one.out ?? one.at), one.recipient, one.title]),
        },
      ],
      data: asData(rehearsal),
    };
  },
});
