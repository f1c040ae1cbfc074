import { z } from 'zod';
import { command } from '../../core/command.ts';
import { asData, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { atLeast, subjectIds } from '../../core/people.ts';
import { rest } from '../../core/reader.ts';
import { driversLike, dspSizes } from './store.ts';

/** Drivers that one answer lists; more are found by id or name. */
const LISTED = 60;
/** Rows of a table that still read well in a chat. */
const SHOWN = 20;

/** 司机列表 王 */
export const list = command({
  name: 'drivers.list',
  summary: {
    zh: '有哪些司机，可按编号、姓名和服务商找；司机本人只见自己',
    en: 'Which drivers there are, by id, name and DSP; a driver sees himself alone',
  },
  aliases: [{ words: '司机列表' }, { words: '司机名单' }, { words: 'list drivers' }, { words: 'drivers list' }],
  args: z.object({
    text: z.string().trim().min(1).optional().describe('A part of an id or a name'),
    dsp: z.string().trim().min(1).optional().describe('Only drivers of this DSP, by its name'),
  }),
  reads: { text: rest({ zh: '编号或姓名', en: 'the id or name' }) },
  examples: { zh: ['司机列表', '司机列表 王'], en: ['list drivers', 'list drivers D-10'] },
  role: 'staff',
  async run({ asker, context, lang }, { text, dsp }) {
    const ids = atLeast(asker.role, 'lead') ? null : subjectIds(asker, 'driver');
    const [{ drivers, total }, dsps] = await Promise.all([
      driversLike(context.db, { text, dsp, ids }, LISTED),
      ids ? [] : dspSizes(context.db),
    ]);
    const title =
      total === 0
        ? pick(lang, '没有符合的司机', 'No driver is like that')
        : pick(lang, `${grouped(total)} 位司机`, `${grouped(total)} ${total === 1 ? 'driver' : 'drivers'}`);
    const columns = [pick(lang, '编号', 'Id'), pick(lang, '姓名', 'Name'), pick(lang, '服务商', 'DSP')];
    const rows = drivers.slice(0, SHOWN).map((driver) => [driver.id, driver.name, driver.dsp ?? '—']);
    const more = pick(
      lang,
      `只列前 ${SHOWN} 位：加上编号或姓名的一部分来找。`,
      `The first ${SHOWN}: add a part of an id or a name.`,
    );
    return {
      title,
      blocks: [
        ...(rows.length > 0 ? [{ type: 'table' as const, columns: columns.map((label) => ({ label })), rows }] : []),
        ...(total > SHOWN ? [{ type: 'text' as const, text: more }] : []),
      ],
      data: asData({ drivers: drivers.map(({ id, name, dsp: of }) => ({ id, name, dsp: of })), dsps, total }),
      lang,
    };
  },
});
