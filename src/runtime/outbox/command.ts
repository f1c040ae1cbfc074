import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, pick } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { localMinute } from '../../core/time.ts';

/** `outbox`: how many letters wait, and when the last one will be out. */
export const outboxStats = command({
  name: 'outbox.stats',
  summary: { zh: '发件箱：多少在等、何时发完', en: 'The outbox: how many wait, and until when' },
  aliases: [{ words: '发送状态' }, { words: '发件箱' }, { words: 'outbox' }],
  args: z.strictObject({}),
  examples: { zh: ['发送状态'], en: ['outbox'] },
  role: 'admin',
  async run({ lang, context }) {
    if (!context.outboxStats) throw new AskerError(pick(lang, '这里看不到发件箱。', 'The outbox cannot be seen here.'));
    const stats = await context.outboxStats();
    const waiting = stats.queued + stats.sending;
    const at = (instant: Date) => localMinute(instant, context.clock.zone);
    const counted = [
      [pick(lang, '等待', 'waiting'), waiting],
      [pick(lang, '已发', 'sent'), stats.sent],
      [pick(lang, '暂存', 'held'), stats.held],
      [pick(lang, '存疑', 'doubtful'), stats.doubtful],
      [pick(lang, '失败', 'dead'), stats.dead],
      [pick(lang, '已合并', 'merged'), stats.merged],
      [pick(lang, '过期', 'expired'), stats.expired],
      [pick(lang, '重发', 'repeated'), stats.repeated],
    ] as const;
    const { eta, byDestination, ...counts } = stats;
    return {
      data: asData({ counts, eta, byDestination }),
      title:
        waiting === 0
          ? pick(lang, '没有在等的消息', 'Nothing waits to be sent')
          : pick(
              lang,
              `${grouped(waiting)} 条在等，预计 ${stats.eta ? at(stats.eta) : '—'} 发完`,
              `${grouped(waiting)} wait; the last one goes out at about ${stats.eta ? at(stats.eta) : '—'}`,
            ),
      tone: stats.doubtful + stats.dead > 0 ? 'warn' : 'info',
      blocks: [
        { type: 'text', text: counted.map(([name, count]) => `${name} ${grouped(count)}`).join(' · ') },
        ...(stats.byDestination.length === 0
          ? []
          : [
              {
                type: 'table' as const,
                columns: [
                  { label: pick(lang, '去向', 'To'), align: 'left' as const },
                  { label: pick(lang, '等待', 'Waiting'), align: 'right' as const },
                  { label: pick(lang, '发完', 'Out by'), align: 'left' as const },
                ],
                rows: stats.byDestination.slice(0, 20).map((one) => [one.to, grouped(one.waiting), at(one.eta)]),
              },
            ]),
      ],
    };
  },
});
