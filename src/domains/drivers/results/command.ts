import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { pick } from '../../../core/message.ts';
import { driverRules } from '../mapping.ts';
import { migrationSql } from './results.ts';

/** 司机结果表 */
export const results = command({
  name: 'drivers.results',
  summary: {
    zh: '写回公司数据库的结果表的建表语句，供审阅后由库管理员执行',
    en: "The SQL that makes the result tables in the company's database, to be looked at and run by whoever keeps it",
  },
  aliases: [{ words: '司机结果表' }, { words: 'driver result tables' }],
  args: z.object({}),
  examples: { zh: ['司机结果表'], en: ['driver result tables'] },
  role: 'admin',
  async run({ context, lang }) {
    const { value } = await driverRules(context);
    const names = value.results ?? { days: 'fieldbell_driver_days', missing: 'fieldbell_missing_updates' };
    const note = value.results
      ? pick(lang, '结果每小时写入这两张表。', 'Results are written to these tables every hour.')
      : pick(
          lang,
          '现在不写回：执行后在 rules/drivers.yaml 里写上 results: { days: …, missing: … }。',
          'Nothing is written yet: run it, then name the tables in rules/drivers.yaml, results: { days: …, missing: … }.',
        );
    return {
      title: pick(lang, '结果表的建表语句', 'The result tables'),
      blocks: [{ type: 'text', text: `${migrationSql(names)}\n\n${note}` }],
      lang,
    };
  },
});
