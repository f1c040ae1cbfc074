import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { asData, type Block, type Lang, pick } from '../../../core/message.ts';
import { yuanShort } from '../../../core/money.ts';
import { localMinute } from '../../../core/time.ts';
import { readCampaigns } from '../campaigns.ts';
import { ledgerOf } from '../store.ts';
import { Dispute } from './args.ts';
import type { Frozen } from './cards.ts';
import { awardNames, awardOf } from './grant.ts';
import * as store from './store.ts';

/** What waits for an answer, what was answered, and one dispute whole. */

const LISTED = 50;

const list = command({
  name: 'rewards.disputes',
  summary: { zh: '待处理的奖励申诉', en: 'Reward disputes that wait for an answer' },
  aliases: [
    { words: '奖励申诉', leads: true },
    { words: 'reward disputes', leads: true },
  ],
  args: z.strictObject({
    state: z.enum(['open', 'answered']).default('open').describe('Those that wait, or those that were answered'),
    before: z.int().positive().optional().describe('Answered ones from before this number'),
  }),
  examples: { zh: ['奖励申诉'], en: ['reward disputes'] },
  role: 'lead',
  audience: 'asker',
  async run({ context, lang }, { state, before }) {
    const { db, clock } = context;
    const found =
      state === 'open'
        ? await store.openDisputes(db, LISTED + 1)
        : await store.answeredDisputes(db, before, LISTED + 1);
    const shown = found.slice(0, LISTED).map(({ line, ...dispute }) => {
      const { number, version, decision } = JSON.parse(line) as Frozen;
      return { ...dispute, line: { number, version, decision } };
    });
    const count = found.length > LISTED ? `${LISTED}+` : String(found.length);
    return {
      title:
        state === 'open'
          ? pick(lang, `${count} 件申诉待处理`, count === '1' ? '1 dispute waits' : `${count} disputes wait`)
          : pick(lang, '已答复的申诉', 'Disputes that were answered'),
      lang,
      blocks: shown.length > 0 ? [table(shown, clock.zone, lang)] : [],
      data: asData({ disputes: shown, next: found.length > LISTED ? (shown.at(-1)?.id ?? null) : null }),
    };
  },
});

type Shown = Omit<store.Dispute, 'line'> & { line: Pick<Frozen, 'number'> };

function table(disputes: readonly Shown[], zone: string, lang: Lang): Block {
  const open = disputes.every(({ state }) => state === 'open');
  return {
    type: 'table',
    columns: [
      { label: '#', align: 'right' },
      { label: pick(lang, '管家', 'Housekeeper'), align: 'left' },
      { label: pick(lang, '合同', 'Contract'), align: 'left' },
      { label: pick(lang, '原因', 'Reason'), align: 'left' },
      { label: open ? pick(lang, '期限', 'Until') : pick(lang, '答复', 'Answer'), align: 'left' },
    ],
    rows: disputes.map((one) => [
      String(one.id),
      one.raisedName,
      one.line.number,
      one.reason,
      open ? localMinute(one.dueAt, zone) : outcome(one, lang),
    ]),
  };
}

function outcome({ state, awardName, wasFen, paysFen, answer }: Omit<store.Dispute, 'line'>, lang: Lang): string {
  if (state === 'refused') return pick(lang, `驳回：${answer ?? ''}`, `refused: ${answer ?? ''}`);
  const was = wasFen === null ? '' : `${yuanShort(wasFen)} → `;
  return pick(
    lang,
    `${awardName} ${was}${yuanShort(paysFen ?? 0)} 元`,
    `${awardName} ${was}${yuanShort(paysFen ?? 0)} yuan`,
  );
}

const one = command({
  name: 'rewards.disputed',
  summary: {
    zh: '一件申诉：冻结的合同和计算依据、期限、可以怎么答复',
    en: 'One dispute: the line as it was frozen with its inputs, until when, and how it can be answered',
  },
  aliases: [],
  args: z.strictObject({ dispute: Dispute }),
  examples: { zh: [], en: [] },
  role: 'lead',
  audience: 'asker',
  async run({ context, lang, asker }, { dispute: id }) {
    const { db } = context;
    const dispute = await store.disputeById(db, id);
    if (!dispute) throw new AskerError(pick(lang, `没有申诉 #${id}。`, `There is no dispute #${id}.`));
    const line = JSON.parse(dispute.line) as Frozen;
    const { campaigns } = await readCampaigns(context);
    const campaign = campaigns.find(({ key }) => key === dispute.campaign);
    const ledger = campaign ? await ledgerOf(db, campaign.key, dispute.person) : [];
    const awards = campaign
      ? awardNames(campaign).flatMap((name) => {
          const known = awardOf(campaign, name, line.contract);
          if (!known) return [];
          const entries = ledger.filter(({ awardKey }) => awardKey === known.awardKey);
          return [
            { name, rulePaysFen: known.paysFen, heldFen: entries.reduce((sum, { amountFen }) => sum + amountFen, 0) },
          ];
        })
      : [];
    return {
      title: pick(lang, `申诉 #${id}：合同 ${line.number}`, `Dispute #${id}: contract ${line.number}`),
      lang,
      data: asData({
        dispute: { ...dispute, line },
        campaignTitle: campaign?.title ?? dispute.campaign,
        awards,
        own: dispute.raisedBy !== '' && dispute.raisedBy === asker.personId,
      }),
    };
  },
});

export const inboxCommands = [list, one];
