import { z } from 'zod';
import { command } from '../../../core/command.ts';
import { asData, pick } from '../../../core/message.ts';
import { fenFromYuan, yuan } from '../../../core/money.ts';
import { type Reader, rest, word } from '../../../core/reader.ts';
import { localMinute } from '../../../core/time.ts';
import { raisedCard, reasonsCard } from './cards.ts';
import { raise, resolve } from './dispute.ts';
import { ownLine } from './line.ts';
import * as store from './store.ts';

const [hashed, plain] = [word(/#\d{1,9}/, { zh: '', en: '' }), word(/\d{1,9}/, { zh: '', en: '' })];
const number: Reader = {
  what: { zh: '申诉编号', en: 'the number of the dispute' },
  read: (...of) => hashed.read(...of) ?? plain.read(...of),
};
const Dispute = z.coerce
  .string()
  .regex(/^#?\d{1,9}$/)
  .describe('Number of the dispute, e.g. #3');
const numberIn = (said: string) => Number(said.replace('#', ''));

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

const list = command({
  name: 'rewards.disputes',
  summary: { zh: '待处理的奖励申诉', en: 'Reward disputes that wait for an answer' },
  aliases: [
    { words: '奖励申诉', leads: true },
    { words: 'reward disputes', leads: true },
  ],
  args: z.strictObject({}),
  examples: { zh: ['奖励申诉'], en: ['reward disputes'] },
  role: 'lead',
  audience: 'asker',
  async run({ context, lang }) {
    const open = await store.disputesIn(context.db, 'open');
    const numberOf = ({ line }: store.Dispute) => (JSON.parse(line) as { number: string }).number;
    return {
      title: pick(lang, `${open.length} 件申诉待处理`, `${open.length} disputes wait`),
      lang,
      blocks:
        open.length === 0
          ? []
          : [
              {
                type: 'table',
                columns: [
                  { label: '#', align: 'right' },
                  { label: pick(lang, '管家', 'Housekeeper') },
                  { label: pick(lang, '合同', 'Contract') },
                  { label: pick(lang, '原因', 'Reason') },
                  { label: pick(lang, '期限', 'Until') },
                ],
                rows: open.map((one) => [
                  String(one.id),
                  one.raisedName,
                  numberOf(one),
                  one.reason,
                  localMinute(one.dueAt, context.clock.zone),
                ]),
              },
            ],
      data: asData({ disputes: open.map((one) => ({ ...one, line: JSON.parse(one.line) })) }),
    };
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
  }),
  reads: {
    dispute: number,
    pays: word(/\d+(?:\.\d{1,2})?元?/, { zh: '金额（元）', en: 'the amount in yuan' }),
    award: rest({ zh: '奖励', en: 'the award' }),
  },
  examples: { zh: ['处理申诉 #3 200 达标奖'], en: ['resolve dispute #3 200 达标奖'] },
  role: 'lead',
  writes: true,
  async run(ask, { dispute: said, pays, award }) {
    const dispute = numberIn(said);
    const resolved = await resolve(ask, dispute, { award, paysFen: fenFromYuan(pays) });
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
  async run(ask, { dispute: said, answer }) {
    const dispute = numberIn(said);
    await resolve(ask, dispute, { answer });
    return {
      title: pick(ask.lang, `申诉 #${dispute} 已驳回`, `Dispute #${dispute} is refused`),
      tone: 'info',
      lang: ask.lang,
    };
  },
});

export const disputeCommands = [dispute, list, grant, refuse];
