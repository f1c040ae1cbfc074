import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import { asData, DataAge, type MessageDraft, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { rest } from '../../core/reader.ts';
import { localMinute } from '../../core/time.ts';
import { shortNumber } from './model.ts';
import { activeOrders, pendingState } from './store.ts';

const DAY_MS = 86_400_000;
/** Rows of a table in a chat. */
const ROWS = 20;

const pending = command({
  name: 'orders.pending',
  summary: { zh: '待预约工单：哪些在等，等了几天', en: 'Orders that wait for an appointment, and for how many days' },
  aliases: [{ words: '待预约' }, { words: '待预约 工单' }, { words: 'pending orders' }, { words: 'pending' }],
  args: z.strictObject({
    provider: z.string().trim().min(1).max(80).optional().describe('A service provider, or a part of its name'),
  }),
  reads: { provider: rest({ zh: '服务商', en: 'the provider' }) },
  examples: { zh: ['待预约', '待预约 示例服务商甲'], en: ['pending orders'] },
  role: 'lead',
  async run({ context, lang }, args): Promise<MessageDraft> {
    const state = await pendingState(context.db);
    if (!state) {
      throw new AskerError(
        pick(
          lang,
          '还没有待预约数据：从 Metabase 同步或导入之后再问。',
          'There are no waiting orders yet: sync or import them.',
        ),
      );
    }
    const all = await activeOrders(context.db, state.sample);
    const byProvider = groupBy(all, ({ provider }) => provider);
    const named = args.provider;
    const fits =
      named === undefined ? [] : [...byProvider.keys()].filter((one) => one === named || one.includes(named));
    const provider = fits.find((one) => one === named) ?? fits[0];
    if (named !== undefined && (!provider || (fits.length > 1 && provider !== named))) {
      const choices = (fits.length > 0 ? fits : [...byProvider.keys()]).slice(0, 4);
      throw new AskerError(
        fits.length > 1
          ? pick(lang, `有几家「${named}」：`, `There are several “${named}”:`)
          : pick(lang, `「${named}」没有待预约的工单。`, `“${named}” has no waiting orders.`),
        {
          choices: choices.map((one) => ({ label: one, call: { command: 'orders.pending', args: { provider: one } } })),
        },
      );
    }
    const orders = provider ? (byProvider.get(provider) ?? []) : all;
    const now = context.clock.now().getTime();
    const days = (createdAt: Date) => Math.floor((now - createdAt.getTime()) / DAY_MS);
    const [oldest] = orders;
    const most = [...byProvider].toSorted(([, a], [, b]) => b.length - a.length).slice(0, 5);
    const said = context.words.say('field/waiting', lang, {
      hasProvider: provider !== undefined,
      provider: provider ?? '',
      count: grouped(orders.length),
      hasOldest: oldest !== undefined,
      oldest: oldest ? grouped(days(oldest.createdAt)) : '',
      hasMost: !provider && most.length > 0,
      most: most.map(([name, own]) => `${name} ${own.length}`).join(' · '),
    });
    return {
      title: said.title,
      tone: orders.length > 0 ? 'warn' : 'good',
      lang,
      asOf: {
        at: state.asOf.toISOString(),
        source: state.sample ? '' : state.source,
        completeness: DataAge.shape.completeness.parse(state.completeness),
        sample: state.sample,
      },
      blocks: [
        ...(said.text ? [{ type: 'text' as const, text: said.text }] : []),
        ...(orders.length > 0
          ? [
              {
                type: 'table' as const,
                columns: [
                  { label: pick(lang, '尾号', 'No.') },
                  ...(provider ? [] : [{ label: pick(lang, '服务商', 'Provider') }]),
                  { label: pick(lang, '负责人', 'Person') },
                  { label: pick(lang, '创建', 'Made') },
                  { label: pick(lang, '已等', 'Days'), align: 'right' as const },
                  { label: pick(lang, '状态', 'Status') },
                ],
                rows: orders
                  .slice(0, ROWS)
                  .map((order) => [
                    shortNumber(order.orderNum),
                    ...(provider ? [] : [order.provider]),
                    order.person ?? '-',
                    localMinute(order.createdAt, context.clock.zone).slice(5),
                    pick(lang, `${days(order.createdAt)} 天`, `${days(order.createdAt)}`),
                    order.status,
                  ]),
              },
            ]
          : []),
        ...(orders.length > ROWS
          ? [
              {
                type: 'text' as const,
                text: pick(lang, `另有 ${orders.length - ROWS} 单。`, `And ${orders.length - ROWS} more.`),
              },
            ]
          : []),
      ],
      data: asData({ orders }),
    };
  },
});

export const commands = [pending];
