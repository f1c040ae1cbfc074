import { z } from 'zod';
import { type Ask, command } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { asData, type MessageDraft, pick, textMessage } from '../../../core/message.ts';
import { readProviders } from '../../../core/providers.ts';
import { rest, word } from '../../../core/reader.ts';
import { addDays, localMinute, today } from '../../../core/time.ts';
import { alertKeys } from '../alert-keys.ts';
import { appealDecided, appealNotice } from '../letters.ts';
import { readSlaRules } from '../rules.ts';
import { appealDeadlines } from '../week.ts';
import { addAppeal, appealById, appealsOpen, decideAppeal, violationsOfOrder } from './store.ts';

/** No appeal can be in time that long after its violation. */
const LOOK_BACK_DAYS = 15;

/** 违规申诉: says of an order's violations, until the stated deadline, that they are none. */
const appeal = command({
  name: 'sla.appeal',
  summary: {
    zh: '违规申诉：在截止时间前说明理由',
    en: 'Appeals against a violation, with a reason, until the deadline',
  },
  aliases: [{ words: '违规申诉' }, { words: '申诉违规' }, { words: 'sla appeal' }],
  args: z.strictObject({
    order: z.string().trim().min(1).max(64).describe('The number of the order'),
    reason: z.string().trim().min(2).max(500).describe('Why it is no violation'),
  }),
  reads: {
    order: word(/(?=\S*\d)[a-z0-9][\w-]*/, { zh: '工单号', en: 'the order' }),
    reason: rest({ zh: '理由', en: 'the reason' }),
  },
  examples: {
    zh: ['违规申诉 GD2025101701 客户要求改期'],
    en: ['sla appeal GD2025101701 the customer asked for another day'],
  },
  role: 'staff',
  writes: true,
  async run(ask, args) {
    const { context, lang, asker } = ask;
    const { db, clock } = context;
    const rules = await readSlaRules(context.rules);
    const now = clock.now();
    const found = await violationsOfOrder(db, args.order, addDays(today(clock), -LOOK_BACK_DAYS));
    const [newest] = found;
    if (!newest) {
      throw new AskerError(
        pick(lang, `工单 ${args.order} 近期没有违规。`, `Order ${args.order} has no recent violation.`),
        { example: pick(lang, '超时', 'sla') },
      );
    }
    const inTime = found.filter(({ day }) => now < appealDeadlines(day, rules, clock.zone).last);
    if (inTime.length === 0) {
      const until = localMinute(appealDeadlines(newest.day, rules, clock.zone).last, clock.zone);
      throw new AskerError(pick(lang, `已过申诉截止时间（${until}）。`, `The time for appeals was over at ${until}.`));
    }
    const fresh = inTime.filter(({ appeals }) => appeals.length === 0);
    if (fresh.length === 0) {
      const [known] = newest.appeals;
      throw new AskerError(
        pick(
          lang,
          `已由 ${known?.by} 申诉过：${stateWords(known?.state, lang)}。`,
          `${known?.by} has appealed already: ${stateWords(known?.state, lang)}.`,
        ),
      );
    }
    await db.$transaction(async (tx) => {
      for (const violation of fresh) {
        const id = await addAppeal(tx, {
          ...{ violationId: violation.id, reason: args.reason, at: now },
          ...{ byId: asker.personId, by: asker.name },
        });
        const providers = await readProviders(context.rules, violation.sample);
        await context.outbox.post(
          {
            key: `sla/appeal/${violation.id}`,
            to: providers.leadOf(violation.provider),
            class: 'notice',
            message: appealNotice(violation, { id, reason: args.reason, by: asker.name }, context),
            sample: violation.sample,
          },
          tx,
        );
      }
      await ask.record({ subject: `order:${args.order}`, after: { appeal: args.reason } }, tx);
    });
    return textMessage(
      pick(
        lang,
        `已收到对工单 ${args.order} 的申诉（${fresh.length} 条违规），主管处理后会通知你们的群。`,
        `The appeal for order ${args.order} is in (${fresh.length} violations); your group will hear what becomes of it.`,
      ),
      lang,
    );
  },
});

/** Says what becomes of an appeal: an accepted one withdraws the violation. */
const decide = command({
  name: 'sla.decide',
  summary: { zh: '处理违规申诉：通过或驳回', en: 'Accepts or rejects an appeal against a violation' },
  aliases: [
    { words: '申诉 通过', args: { decision: 'accepted' } },
    { words: '申诉 驳回', args: { decision: 'rejected' } },
    { words: 'accept appeal', args: { decision: 'accepted' } },
    { words: 'reject appeal', args: { decision: 'rejected' } },
  ],
  args: z.strictObject({
    appeal: z.coerce.number().int().positive().describe('The number of the appeal'),
    decision: z.enum(['accepted', 'rejected']).describe('What becomes of it'),
  }),
  reads: { appeal: word(/\d{1,9}/, { zh: '申诉编号', en: 'the number of the appeal' }) },
  examples: { zh: ['申诉通过 3', '申诉驳回 3'], en: ['accept appeal 3', 'reject appeal 3'] },
  role: 'lead',
  writes: true,
  async run(ask, { appeal: id, decision }) {
    const { context, lang, asker } = ask;
    const { db, clock } = context;
    const found = await appealById(db, id);
    if (!found) throw new AskerError(pick(lang, `没有编号 ${id} 的申诉。`, `There is no appeal ${id}.`));
    const { violation } = found;
    const accepted = decision === 'accepted';
    const keyOf = alertKeys(await readSlaRules(context.rules));
    const providers = await readProviders(context.rules, violation.sample);
    const done = await db.$transaction(async (tx) => {
      if (!(await decideAppeal(tx, found, { accepted, by: asker.name, at: clock.now() }))) return false;
      if (accepted) await context.alerts.close(keyOf(violation), undefined, tx);
      await context.outbox.post(
        {
          key: `sla/appeal/${violation.id}/decided`,
          to: providers.groupOf(violation.provider),
          class: 'notice',
          message: appealDecided(violation, { accepted, by: asker.name }, context),
          sample: violation.sample,
        },
        tx,
      );
      await ask.record({ subject: `appeal:${id}`, before: { state: 'open' }, after: { state: decision } }, tx);
      return true;
    });
    const now = done ? { state: decision, by: asker.name } : { state: found.state, by: found.decidedBy ?? '' };
    return {
      ...textMessage(
        pick(
          lang,
          `申诉 ${id}（工单 ${violation.orderNum}）：${now.by} ${stateWords(now.state, lang)}。`,
          `Appeal ${id} (order ${violation.orderNum}): ${stateWords(now.state, lang)} by ${now.by}.`,
        ),
        lang,
      ),
      replaces: true,
    };
  },
});

/** 申诉列表 */
const list = command({
  name: 'sla.appeals',
  summary: { zh: '待处理的违规申诉', en: 'Appeals against violations that wait for a decision' },
  aliases: [{ words: '申诉列表' }, { words: 'appeals' }],
  args: z.strictObject({}),
  examples: { zh: ['申诉列表'], en: ['appeals'] },
  role: 'lead',
  async run({ context, lang }: Ask): Promise<MessageDraft> {
    const open = await appealsOpen(context.db);
    return {
      title:
        open.length === 0
          ? pick(lang, '没有待处理的申诉', 'No appeals wait')
          : pick(lang, `待处理的申诉 ${open.length} 条`, `${open.length} appeals wait`),
      lang,
      blocks:
        open.length === 0
          ? []
          : [
              {
                type: 'table',
                columns: [
                  { label: pick(lang, '编号', 'No.'), align: 'right' },
                  { label: pick(lang, '工单', 'Order') },
                  { label: pick(lang, '服务商', 'Provider') },
                  { label: pick(lang, '违规', 'Violation') },
                  { label: pick(lang, '理由', 'Reason') },
                ],
                rows: open
                  .slice(0, 20)
                  .map(({ id, violation, reason }) => [
                    String(id),
                    violation.orderNum,
                    violation.provider,
                    violation.kind,
                    reason,
                  ]),
              },
            ],
      data: asData({ appeals: open }),
    };
  },
});

export const appealCommands = [appeal, decide, list];

function stateWords(state: string | undefined, lang: 'zh' | 'en'): string {
  if (state === 'accepted') return pick(lang, '已通过', 'accepted');
  if (state === 'rejected') return pick(lang, '已驳回', 'rejected');
  return pick(lang, '待处理', 'waiting');
}
