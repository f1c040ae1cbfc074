import { z } from 'zod';
import { command } from '../../core/command.ts';
import { asData, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import { yuan, yuanShort } from '../../core/money.ts';
import { type Clock, localMinute } from '../../core/time.ts';
import { type Closing, closeCampaign, closingOf } from './closing.ts';
import { campaignWord } from './reads.ts';

/** Rows that are shown; `data` has all. */
const LISTED = 30;

const campaign = z.string().describe('Campaign key, e.g. BJ-2025-10');

const payable = command({
  name: 'rewards.payable',
  summary: {
    zh: '应付奖励：一期活动每人应付多少，含以往更正',
    en: 'What a period pays to each person, with corrections',
  },
  aliases: [
    { words: '应付奖励' },
    { words: '关账', leads: true },
    { words: 'rewards payable' },
    { words: 'rewards close' },
  ],
  args: z.strictObject({ campaign }),
  reads: { campaign: campaignWord },
  examples: { zh: ['应付奖励 BJ-2025-10'], en: ['rewards payable BJ-2025-10'] },
  role: 'lead',
  audience: 'asker',
  async run({ context, lang }, { campaign }) {
    return closingCard(await closingOf(context, campaign, lang), context.clock, lang);
  },
});

const close = command({
  name: 'rewards.close',
  summary: {
    zh: '关账：锁定一期活动，以后的更正计入下一期',
    en: 'Closes a period: later corrections are paid in the next',
  },
  aliases: [],
  args: z.strictObject({ campaign }),
  examples: { zh: [], en: [] },
  role: 'admin',
  audience: 'asker',
  writes: true,
  async run({ asker, context, lang, record }, { campaign }) {
    const closing = await closeCampaign(context, campaign, asker.name, lang);
    await record({ subject: `campaign:${closing.campaign.key}`, after: { closed: true, totalFen: closing.totalFen } });
    return closingCard(closing, context.clock, lang);
  },
});

export const closingCommands = [payable, close];

function closingCard(closing: Closing, clock: Clock, lang: Lang): MessageDraft {
  const { campaign, closedAt, closedBy, payables, totalFen } = closing;
  const corrections = payables.reduce((sum, { correctionsFen }) => sum + correctionsFen, 0);
  const state = closedAt
    ? pick(
        lang,
        `已关账：${localMinute(closedAt, clock.zone)} ${closedBy}`,
        `closed ${localMinute(closedAt, clock.zone)} by ${closedBy}`,
      )
    : pick(lang, '未关账', 'open');
  const rows = payables.slice(0, LISTED);
  return {
    title: pick(
      lang,
      `${campaign.title}：应付 ${yuanShort(totalFen)} 元，${payables.length} 人`,
      `${campaign.title}: ${yuanShort(totalFen)} yuan to ${payables.length} people`,
    ),
    lang,
    tone: closedAt ? 'good' : 'info',
    blocks: [
      {
        type: 'text',
        text: [
          state,
          ...(corrections === 0
            ? []
            : [
                pick(
                  lang,
                  `其中以往更正 ${yuan(corrections)} 元`,
                  `of it corrections of earlier periods: ${yuan(corrections)} yuan`,
                ),
              ]),
        ].join(' · '),
      },
      ...(rows.length > 0
        ? [
            {
              type: 'table' as const,
              columns: [
                { label: pick(lang, '管家', 'Housekeeper') },
                { label: pick(lang, '本期', 'Own'), align: 'right' as const },
                { label: pick(lang, '更正', 'Corrections'), align: 'right' as const },
                { label: pick(lang, '应付', 'To pay'), align: 'right' as const },
              ],
              rows: rows.map((row) => [row.name, yuan(row.ownFen), yuan(row.correctionsFen), yuan(row.totalFen)]),
            },
          ]
        : []),
      ...(closedAt
        ? []
        : [
            {
              type: 'actions' as const,
              buttons: [
                {
                  label: pick(lang, '关账', 'Close'),
                  call: { command: 'rewards.close', args: { campaign: campaign.key } },
                  confirm: pick(
                    lang,
                    `关账后 ${campaign.key} 不再改动，以后的更正计入下一期。确定吗？`,
                    `${campaign.key} will not change any more; later corrections are paid in the next period. Sure?`,
                  ),
                },
              ],
            },
          ]),
    ],
    data: asData({ campaign: campaign.key, closedAt, closedBy, totalFen, payables }),
  };
}
