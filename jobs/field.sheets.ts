import { z } from 'zod';
import { job } from '../src/core/job.ts';
import { syncSheets } from '../src/domains/field/index.ts';

export const fieldSheets = job({
  name: 'field.sheets',
  summary: {
    zh: '把新行写进 rules/sheets.yaml 列出的企业微信表格',
    en: 'Adds new rows to the WeCom tables of rules/sheets.yaml',
  },
  cron: '5,35 8-23 * * *',
  missed: 'skip',
  args: z.strictObject({ sheet: z.string().optional().describe('Only this table; default: all whose webhook is set') }),
  timeout: 20 * 60_000,
  run: (context, { sheet }) => syncSheets(context, sheet),
});
