import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError, SetupError } from '../../core/errors.ts';
import { asData, type Button, type MessageDraft, pick } from '../../core/message.ts';
import { day, rest } from '../../core/reader.ts';
import { isDay, localMinute, sayDay, today } from '../../core/time.ts';
import { driverMeant } from './driver.ts';
import { driverRules } from './mapping.ts';
import { called } from './missing-letters.ts';
import { type Delivered, deliveredOn, deliveryCalled, picturesOf } from './picture-store.ts';
import { deliveriesAge, driversWithIds } from './store.ts';

/** What a message shows of an order. */
const SHOWN = 3;

/** 签收照片 ORDER */
export const pod = command({
  name: 'drivers.pod',
  summary: {
    zh: '一单的签收照片：谁、何时、在哪里；可翻看司机当天的上一单、下一单',
    en: "An order's proof of delivery: who, when, where; with the driver's orders before and after it",
  },
  aliases: [{ words: '签收照片' }, { words: '签收 照片' }, { words: 'pod' }, { words: 'proof of delivery' }],
  args: z.object({
    what: z.string().trim().min(1).describe('The order number; or a driver, by id or name'),
    day: z.string().default('today').describe("The driver's day as YYYY-MM-DD, or today"),
  }),
  reads: { day, what: rest({ zh: '订单号或司机', en: 'the order or the driver' }) },
  examples: { zh: ['签收照片 PO-1', '签收照片 D-1023 今天'], en: ['pod PO-1', 'pod D-1023 today'] },
  role: 'lead',
  async run(ask, args) {
    const { db, clock } = ask.context;
    const known = await deliveryCalled(db, args.what);
    if (known) return card(ask, known);
    const call = (what: string) => ({ command: 'drivers.pod', args: { ...args, what } });
    const on = isDay(args.day) ? args.day : today(clock);
    const { driver } = await driverMeant(ask, args.what, call).catch((error: unknown) => {
      throw error instanceof AskerError && error.choices.length === 0 ? nothing(ask, args.what) : error;
    });
    const [first] = await deliveredOn(db, driver.id, on);
    if (first) return card(ask, first);
    const who = called({ driverId: driver.id, name: driver.name });
    const lang = ask.lang;
    return {
      title: pick(
        lang,
        `${who} ${sayDay(on, lang)} 没有送完的单`,
        `${who} has finished no order on ${sayDay(on, lang)}`,
      ),
      lang,
    };
  },
});

function nothing({ lang }: Ask, said: string): AskerError {
  return new AskerError(pick(lang, `没有订单或司机「${said}」。`, `There is no order and no driver “${said}”.`), {
    example: pick(lang, '签收照片 D-1023 今天', 'pod D-1023 today'),
  });
}

async function card({ context, lang }: Ask, order: Delivered): Promise<MessageDraft> {
  const { db, sources, clock } = context;
  const { photos } = sources;
  if (!photos) throw new SetupError('pictures cannot be fetched here');
  const [{ value }, pictures, orders, [driver], age] = await Promise.all([
    driverRules(context),
    picturesOf(db, order.id),
    deliveredOn(db, order.driverId, order.orderDay),
    driversWithIds(db, [order.driverId]),
    deliveriesAge(db, order.sample),
  ]);
  const place = { ...value.pod, privateNetworks: value.pod?.privateNetworks ?? false };
  const shown = await Promise.all(
    pictures.slice(0, SHOWN).map(async (picture) => ({ picture, got: await photos.small(picture.address, place) })),
  );
  const who = called({ driverId: order.driverId, name: driver?.name ?? order.driverId });
  const at = orders.findIndex(({ id }) => id === order.id);
  const described = ({ takenAt, takenBy, place: where }: (typeof pictures)[number]) =>
    [
      takenBy ?? who,
      takenAt ? localMinute(takenAt, clock.zone) : pick(lang, '时间未知', 'time not known'),
      where ?? pick(lang, '地点未知', 'place not known'),
    ].join(' · ');
  const lines = shown.map(({ picture, got }, n) => {
    const label = pick(lang, `照片 ${n + 1}`, `Picture ${n + 1}`);
    return `${label} · ${described(picture)}${'missing' in got ? pick(lang, ` · 看不了：${got.missing.zh}`, ` · cannot be shown: ${got.missing.en}`) : ''}`;
  });
  if (pictures.length === 0)
    lines.push(pick(lang, '这一单没有签收照片。', 'This order has no proof-of-delivery picture.'));
  if (pictures.length > SHOWN)
    lines.push(
      pick(
        lang,
        `共 ${pictures.length} 张，只放前 ${SHOWN} 张。`,
        `${pictures.length} pictures; the first ${SHOWN} are shown.`,
      ),
    );
  const refs = shown.flatMap(({ picture, got }) =>
    'file' in got ? [{ file: got.file, alt: described(picture) }] : [],
  );
  const done = order.deliveredAt
    ? pick(
        lang,
        `送达 ${localMinute(order.deliveredAt, clock.zone)}`,
        `delivered ${localMinute(order.deliveredAt, clock.zone)}`,
      )
    : null;
  const position =
    orders.length > 1 && at >= 0
      ? pick(lang, `当天第 ${at + 1}/${orders.length} 单`, `order ${at + 1} of ${orders.length} that day`)
      : null;
  const buttons = [
    turn(pick(lang, '◀ 上一单', '◀ Previous'), at > 0 ? orders[at - 1] : undefined),
    turn(pick(lang, '下一单 ▶', 'Next ▶'), at >= 0 ? orders[at + 1] : undefined),
  ].flatMap((button) => button ?? []);
  return {
    title: pick(
      lang,
      `${order.id} 签收照片 ${pictures.length} 张 · ${who}`,
      `${order.id}: ${pictures.length} proof-of-delivery ${pictures.length === 1 ? 'picture' : 'pictures'} · ${who}`,
    ),
    tone: refs.length === 0 ? 'warn' : 'info',
    blocks: [
      { type: 'text', text: [[done, position].filter(Boolean).join(' · '), ...lines].filter(Boolean).join('\n') },
      ...(refs.length > 0 ? [{ type: 'pictures' as const, pictures: refs }] : []),
      ...(buttons.length > 0 ? [{ type: 'actions' as const, buttons }] : []),
    ],
    ...(age && {
      asOf: { at: age.asOf.toISOString(), source: age.source, completeness: age.completeness as 'complete' },
    }),
    data: asData({
      order: order.id,
      driver: order.driverId,
      pictures: shown.map(({ picture, got }) => ({
        ...{ taken_at: picture.takenAt, taken_by: picture.takenBy, place: picture.place },
        ...('file' in got ? { file: got.file } : { missing: got.missing }),
      })),
      previous: at > 0 ? orders[at - 1]?.id : null,
      next: orders[at + 1]?.id ?? null,
    }),
    lang,
  };
}

function turn(label: string, to: Delivered | undefined): Button | undefined {
  return to && { label, call: { command: 'drivers.pod', args: { what: to.id }, turns: true } };
}
