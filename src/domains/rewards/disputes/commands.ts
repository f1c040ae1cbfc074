import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { pick } from '../../../core/message.ts';
import { fenFromYuan, yuan } from '../../../core/money.ts';
import { rest, word } from '../../../core/reader.ts';
import { Dispute, number } from './args.ts';
import { raisedCard, reasonsCard } from './cards.ts';
import { raise, resolve } from './dispute.ts';
import { inboxCommands } from './inbox.ts';
import { ownLine } from './line.ts';

const dispute = command({
  name: 'rewards.dispute',
  summary: {
    zh: '申诉一份合同的奖励：冻结留底，主管限期答复',
    en: 'Dispute the rewards of a contract: a lead answers by a deadline',
  },
  aliases: [{ words: '申诉' }, { words: 'dispute' }],
  args: z.strictObject({
    contract: z.string().max(64).describe('Contract number or id, or how it ends'),
    reason: z.string().trim().max(500).optional().describe('What is wrong; absent: choices'),
  }),
  reads: {
    contract: word(/[.…]*(?=[a-z0-9-]*\d)[a-z0-9-]+/, { zh: '合同', en: 'the contract' }),
    reason: rest({ zh: '原因', en: 'the reason' }),
  },
  examples: { zh: ['申诉 TEST-BJ-2025000021 金额不对'], en: ['dispute TEST-BJ-2025000021 the amount is wrong'] },
  role: 'staff',
  audience: 'asker',
  async run(ask, { contract, reason }) {
    const line = await ownLine(ask, contract);
    if (!reason) return reasonsCard(line, ask.lang);
    return raisedCard(await raise(ask, line, reason), ask.context.clock.zone, ask.lang);
  },
});

const grant = command({
  name: 'rewards.resolve',
  summary: { zh: '处理申诉：某项奖励改为多少元', en: 'Grant a dispute: an award pays so much' },
  aliases: [
    { words: '处理申诉', leads: true },
    { words: '同意申诉', leads: true },
    { words: 'resolve dispute', leads: true },
  ],
  args: z.strictObject({
    dispute: Dispute,
    pays: z.coerce.number().min(0).max(1_000_000).multipleOf(0.01).describe('Yuan that the award pays from now on'),
    award: z.string().trim().max(60).optional().describe('Which; default: the one that the contract won'),
    answer: z.string().trim().max(500).optional().describe('Why; the person reads it'),
  }),
  reads: {
    dispute: number,
    pays: word(/\d+(?:\.\d{1,2})?元?/, { zh: '金额（元）', en: 'the amount in yuan' }),
    award: rest({ zh: '奖励', en: 'the award' }),
  },
  examples: { zh: ['处理申诉 #3 200 达标奖'], en: ['resolve dispute #3 200 达标奖'] },
  role: 'lead',
  writes: true,
  async run(ask, { dispute, pays, award, answer }) {
    const resolved = await resolve(ask, dispute, { award, paysFen: fenFromYuan(pays), answer });
    return {
      title: pick(
        ask.lang,
        `申诉 #${dispute} 已同意：${resolved.awardName} 改为 ${yuan(resolved.paysFen ?? 0)} 元`,
        `Dispute #${dispute} is granted: ${resolved.awardName} pays ${yuan(resolved.paysFen ?? 0)} yuan`,
      ),
      tone: 'good',
      lang: ask.lang,
    };
  },
});

const refuse = command({
  name: 'rewards.refuse',
  summary: { zh: '驳回申诉，说明理由', en: 'Refuse a dispute, and say why' },
  aliases: [
    { words: '驳回申诉', leads: true },
    { words: 'refuse dispute', leads: true },
  ],
  args: z.strictObject({ dispute: Dispute, answer: z.string().trim().min(1).max(500).describe('Why') }),
  reads: {
    dispute: number,
    answer: rest({ zh: '理由', en: 'the reason' }),
  },
  examples: { zh: ['驳回申诉 #3 合同已退款'], en: ['refuse dispute #3 the contract was refunded'] },
  role: 'lead',
  writes: true,
  async run(ask, { dispute, answer }) {
    await resolve(ask, dispute, { answer });
    return {
      title: pick(ask.lang, `申诉 #${dispute} 已驳回`, `Dispute #${dispute} is refused`),
      tone: 'info',
      lang: ask.lang,
    };
  },
});

export const disputeCommands = [dispute, ...inboxCommands, grant, refuse];
