import { z } from 'zod';
import { type Command, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, pick } from '../../core/message.ts';
import { atLeast } from '../../core/people.ts';
import { rest, word } from '../../core/reader.ts';
import { localMinute } from '../../core/time.ts';
import { openPeople } from '../people/people.ts';
import { act, alertFor, alertsFor, handOver, show } from './act.ts';
import { wordsOf } from './card.ts';
import { standingAlerts } from './store.ts';

const alert = z.string().trim().min(1).max(80).describe('The number of the alert, or what it is about, e.g. an order');
const number = word(/#?(?=\S*\d)[a-z0-9][\w-]*/, { zh: '编号', en: 'the number' });
const role = 'staff';

const ack = command({
  name: 'alerts.ack',
  summary: {
    zh: '认领一条提醒：不再重复，大家看到是谁',
    en: 'Takes an alert: no more repeats, and all see who has it',
  },
  aliases: [{ words: '我来处理' }, { words: 'ack' }, { words: 'take alert' }],
  args: z.strictObject({ alert }),
  reads: { alert: number },
  examples: { zh: ['我来处理 12'], en: ['ack 12'] },
  role,
  writes: true,
  run: async (ask, args) => act(ask, await alertFor(ask, args.alert), 'take'),
});

/** The same under the name that violations of service levels have. */
const slaAck = command({
  name: 'sla.ack',
  summary: { zh: '认领一条超时', en: 'Takes a violation or a warning' },
  aliases: [{ words: '认领' }, { words: 'sla ack' }],
  args: z.strictObject({ alert }),
  reads: { alert: number },
  examples: { zh: ['认领 12', '认领 GD2025101701'], en: ['sla ack 12'] },
  role,
  writes: true,
  async run(ask, args) {
    // Who takes an order takes all that is told of it: its warning, its breaches.
    const [first, ...others] = await alertsFor(ask, args.alert, 'sla.');
    for (const one of others) if (one.state === 'open') await act(ask, one, 'take');
    return act(ask, first, 'take');
  },
});

const done = command({
  name: 'alerts.done',
  summary: { zh: '提醒的事情已处理', en: 'An alert has been dealt with' },
  aliases: [{ words: '已处理' }, { words: 'alert done' }],
  args: z.strictObject({ alert }),
  reads: { alert: number },
  examples: { zh: ['已处理 12'], en: ['alert done 12'] },
  role,
  writes: true,
  run: async (ask, args) => act(ask, await alertFor(ask, args.alert), 'handled'),
});

const help = command({
  name: 'alerts.help',
  summary: { zh: '需要帮助：马上通知上一级', en: 'Calls for help: the next in rank is told at once' },
  aliases: [{ words: '需要帮助' }, { words: 'alert help' }],
  args: z.strictObject({ alert }),
  reads: { alert: number },
  examples: { zh: ['需要帮助 12'], en: ['alert help 12'] },
  role,
  writes: true,
  run: async (ask, args) => act(ask, await alertFor(ask, args.alert), 'help'),
});

const hand = command({
  name: 'alerts.hand',
  summary: { zh: '把提醒转给另一个人', en: 'Hands an alert over to somebody else' },
  aliases: [{ words: '转给' }, { words: '转交' }, { words: 'hand over' }],
  args: z.strictObject({ alert, to: z.string().trim().min(1).max(60).optional().describe('A name or a person’s id') }),
  reads: { alert: number, to: rest({ zh: '姓名', en: 'the name' }) },
  examples: { zh: ['转给 12 王师傅'], en: ['hand over 12 Wang'] },
  role,
  writes: true,
  async run(ask, args) {
    const { context, lang, asker } = ask;
    const row = await alertFor(ask, args.alert);
    const people = await openPeople(context.db, context.clock).list();
    const reached = people.filter((one) => one.accounts.length > 0 && one.id !== asker.personId);
    const button = (one: { id: string; name: string }) => ({
      label: one.name,
      call: { command: 'alerts.hand', args: { alert: String(row.id), to: one.id } },
    });
    if (!args.to) {
      const leads = reached.toSorted(
        (a, b) => Number(atLeast(b.role as 'lead', 'lead')) - Number(atLeast(a.role as 'lead', 'lead')),
      );
      if (leads.length === 0)
        throw new AskerError(pick(lang, '没有别人关联了账号。', 'Nobody else has a linked account.'));
      const typed = pick(lang, `转给 ${row.id} 姓名`, `hand over ${row.id} NAME`);
      return {
        title: pick(lang, '转给谁？', 'To whom?'),
        blocks: [
          { type: 'text', text: pick(lang, `其他人：${typed}`, `Somebody else: ${typed}`) },
          { type: 'actions', buttons: leads.slice(0, 6).map(button) },
        ],
        lang,
      };
    }
    const named = people.filter((one) => one.id === args.to || one.name === args.to);
    const [to] = named;
    if (named.length > 1) {
      throw new AskerError(pick(lang, `有几位「${args.to}」：`, `There are several “${args.to}”:`), {
        choices: named.slice(0, 6).map((one) => ({ ...button(one), label: `${one.name} ${one.city ?? one.id}` })),
      });
    }
    if (!to) throw new AskerError(pick(lang, `没有叫「${args.to}」的人。`, `There is nobody called “${args.to}”.`));
    return handOver(ask, row, to);
  },
});

const list = command({
  name: 'alerts.list',
  summary: { zh: '还没有解决的提醒，谁认领了', en: 'Alerts that are not over, and who has them' },
  aliases: [{ words: '提醒列表' }, { words: 'alerts' }],
  args: z.strictObject({ alert: alert.optional() }),
  reads: { alert: number },
  examples: { zh: ['提醒列表', '提醒列表 12'], en: ['alerts', 'alerts 12'] },
  role: 'lead',
  async run(ask, args) {
    const { context, lang } = ask;
    if (args.alert) return { ...(await show(ask, await alertFor(ask, args.alert))), replaces: undefined };
    const rows = await standingAlerts(context.db, 30);
    return {
      title:
        rows.length === 0
          ? pick(lang, '没有未解决的提醒', 'No alerts are open')
          : pick(lang, `未解决的提醒 ${rows.length} 条`, `${rows.length} alerts are open`),
      blocks:
        rows.length === 0
          ? []
          : [
              {
                type: 'table',
                columns: [
                  { label: pick(lang, '编号', 'No.'), align: 'right' },
                  { label: pick(lang, '事情', 'What') },
                  { label: pick(lang, '开始', 'Since') },
                  { label: pick(lang, '谁在处理', 'Who has it') },
                ],
                rows: rows.map((row) => [
                  String(row.id),
                  wordsOf(row, lang).title ?? row.subject,
                  localMinute(row.openedAt, context.clock.zone),
                  row.ownerName ?? pick(lang, '无人', 'nobody'),
                ]),
              },
            ],
      data: asData({
        alerts: rows.map((row) => ({
          id: row.id,
          kind: row.kind,
          subject: row.subject,
          state: row.state,
          owner: row.ownerName,
          openedAt: row.openedAt,
          title: wordsOf(row, lang).title ?? row.subject,
          sample: row.sample,
        })),
      }),
      lang,
    };
  },
});

export const alertCommands: readonly Command[] = [ack, slaAck, done, help, hand, list];
