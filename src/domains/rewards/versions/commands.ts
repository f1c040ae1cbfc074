import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { asData, pick } from '../../../core/message.ts';
import { fenFromYuan } from '../../../core/money.ts';
import { Document, Version } from './args.ts';
import { checkCard, diffCard } from './cards.ts';
import { baseOf, check, edition, holding, publish, saveDraft } from './editions.ts';
import { lookCommands } from './look-commands.ts';
import { replay } from './replay.ts';
import * as store from './store.ts';

/** Editions of campaign documents: drafted, tried, published and taken back. For the page and for programs. */

const MOST = 50_000;
const none = { zh: [], en: [] };

const checkCommand = command({
  name: 'rewards.check',
  summary: { zh: '检查活动规则，错误指明行号', en: 'Checks a campaign document; mistakes name their line' },
  aliases: [],
  args: z.strictObject({ document: Document, text: z.string().max(MOST) }),
  examples: none,
  role: 'lead',
  async run({ context, lang }, { document, text }) {
    const { mistakes } = await check(context, { file: document, text });
    return checkCard(mistakes, lang);
  },
});

const draft = command({
  name: 'rewards.draft',
  summary: { zh: '把活动规则存为草稿（新的一版）', en: 'Keeps a campaign document as a draft: its next edition' },
  aliases: [],
  args: z.strictObject({
    document: Document,
    text: z.string().min(1).max(MOST),
    note: z.string().trim().max(500).optional().describe('What was changed, and why'),
    knows: Version.optional().describe('The newest edition that the writer knows: refused where there is a newer one'),
  }),
  examples: none,
  role: 'lead',
  writes: true,
  async run({ asker, context, lang, record }, { document, text, note = null, knows }) {
    const saved = await saveDraft(context, { document, text, note, by: asker.name, knows }, lang);
    const { mistakes } = await check(context, { file: document, text: saved.text });
    await record({ subject: `campaign-document:${document}`, after: { draft: saved.version, note } });
    const card = checkCard(mistakes, lang);
    return {
      ...card,
      title: pick(
        lang,
        `草稿第 ${saved.version} 版已保存。${card.title}`,
        `Draft ${saved.version} is kept. ${card.title}`,
      ),
      data: asData({ document, version: saved.version, text: saved.text, mistakes }),
    };
  },
});

const diff = command({
  name: 'rewards.diff',
  summary: {
    zh: '一版规则的影响：回放已有月份，谁多得谁少得',
    en: 'What an edition would change: stored months replayed, who gets more or less',
  },
  aliases: [],
  args: z.strictObject({
    document: Document,
    version: Version.optional(),
    text: z.string().max(MOST).optional().describe('In place of an edition: a text that is not kept yet'),
    months: z
      .array(z.string().max(60))
      .min(1)
      .max(24)
      .optional()
      .describe('Campaign keys to replay; default: its own, else the latest of the city'),
    budget: z.number().positive().optional().describe('Yuan that a month may cost'),
  }),
  examples: none,
  role: 'lead',
  async run({ asker, context, lang }, { document, version, text: given, months, budget }) {
    if ((given === undefined) === (version === undefined)) {
      throw new AskerError(pick(lang, '请给出版本或正文，二者之一。', 'Give a version or a text, one of them.'));
    }
    const text = given ?? (await edition(context, document, version, lang)).text;
    const checked = await check(context, { file: document, text });
    if (checked.mistakes.length > 0) return checkCard(checked.mistakes, lang);
    const holds = await holding(context, document);
    const draft = { document: { file: document, text }, campaigns: checked.campaigns };
    const budgetFen = budget === undefined ? undefined : fenFromYuan(budget);
    const replayed = await replay(context, draft, { months, budgetFen }, lang);
    const row = version === undefined ? null : await store.versionNamed(context.db, document, version);
    if (row)
      await store.markSeen(context.db, row.id, {
        seenAt: context.clock.now(),
        seenBy: asker.name,
        seenBase: baseOf(holds),
      });
    return diffCard({ document, version: version ?? null, holds: holds?.version ?? 0 }, replayed, lang);
  },
});

const publishCommand = command({
  name: 'rewards.publish',
  summary: {
    zh: '发布一版看过影响的规则；也可退回生效过的版本',
    en: 'Publishes an edition whose effect was seen, or one that held before',
  },
  aliases: [],
  args: z.strictObject({ document: Document, version: Version }),
  examples: none,
  role: 'admin',
  writes: true,
  async run({ asker, context, lang, record }, { document, version }) {
    const { before, campaigns } = await publish(context, { document, version, by: asker.name }, lang);
    await record({ subject: `campaign-document:${document}`, before: { version: before }, after: { version } });
    const keys = campaigns.map(({ key }) => key);
    return {
      title: pick(lang, `第 ${version} 版已生效：${keys.join('、')}`, `Version ${version} holds: ${keys.join(', ')}`),
      tone: 'good',
      lang,
      data: asData({ document, version, before, campaigns: keys }),
    };
  },
});

export const versionCommands = [...lookCommands, checkCommand, draft, diff, publishCommand];
