import { z } from 'zod';
import { type Ask, command } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { type MessageDraft, pick } from '../../../core/message.ts';
import { day, rest } from '../../../core/reader.ts';
import { isDay, sayDay, today } from '../../../core/time.ts';
import { driverMeant } from '../driver.ts';
import { called } from '../missing/letters.ts';
import { podCard } from './card.ts';
import { type Delivered, deliveryCalled, firstDelivered } from './store.ts';

/** 签收照片 ORDER */
export const pod = command({
  name: 'drivers.pod',
  summary: {
    zh: '一单的签收照片：谁、何时、在哪里；可翻看司机当天或全天的上一单、下一单',
    en: "An order's proof of delivery: who, when, where; with the driver's or the day's orders before and after it",
  },
  aliases: [{ words: '签收照片' }, { words: '签收 照片' }, { words: 'pod' }, { words: 'proof of delivery' }],
  args: z.object({
    what: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe("The order number; or a driver, by id or name; left out: all of the day's orders"),
    day: z.string().default('today').describe('The day as YYYY-MM-DD, or today, where it is no order that is named'),
    through: z
      .enum(['driver', 'day'])
      .optional()
      .describe("Whose orders come before and after: the driver's, or the day's"),
  }),
  reads: { day, what: rest({ zh: '订单号或司机', en: 'the order or the driver' }) },
  examples: {
    zh: ['签收照片 PO-1', '签收照片 D-1023 今天', '签收照片 昨天'],
    en: ['pod PO-1', 'pod D-1023 today', 'pod yesterday'],
  },
  role: 'lead',
  async run(ask, args) {
    const { db, clock } = ask.context;
    const on = isDay(args.day) ? args.day : today(clock);
    if (!args.what) {
      const first = await firstDelivered(db, on);
      return first ? podCard(ask, first, 'day') : none(ask, null, on);
    }
    const known = await deliveryCalled(db, args.what);
    if (known) return podCard(ask, known, args.through ?? 'driver');
    const call = (what: string) => ({ command: 'drivers.pod', args: { ...args, what } });
    const { driver } = await driverMeant(ask, args.what, call).catch((error: unknown) => {
      throw error instanceof AskerError && error.choices.length === 0 ? nothing(ask, args.what ?? '') : error;
    });
    const first: Delivered | null = await firstDelivered(db, on, driver.id);
    return first ? podCard(ask, first, 'driver') : none(ask, called({ driverId: driver.id, name: driver.name }), on);
  },
});

function none({ lang }: Ask, who: string | null, on: string): MessageDraft {
  const said = sayDay(on, lang);
  const title = who
    ? pick(lang, `${who} ${said} 没有送完的单`, `${who} has finished no order on ${said}`)
    : pick(lang, `${said} 没有送完的单`, `No order was finished on ${said}`);
  return { title, lang };
}

function nothing({ lang }: Ask, said: string): AskerError {
  return new AskerError(pick(lang, `没有订单或司机「${said}」。`, `There is no order and no driver “${said}”.`), {
    example: pick(lang, '签收照片 D-1023 今天', 'pod D-1023 today'),
  });
}
