import type { Ask } from '../../../core/command.ts';
import { SetupError } from '../../../core/errors.ts';
import { asData, type Button, type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { localMinute } from '../../../core/time.ts';
import { driverRules } from '../mapping.ts';
import { called } from '../missing/letters.ts';
import { deliveriesAge, driversWithIds } from '../store.ts';
import { type Delivered, type Place, picturesOf, placeOf } from './store.ts';

/** What a message shows of an order. */
const SHOWN = 3;

type Through = 'driver' | 'day';

/** An order's pictures with who, when and where; a picture that cannot be shown is said. */
export async function podCard({ context, lang }: Ask, order: Delivered, through: Through): Promise<MessageDraft> {
  const { db, sources, clock } = context;
  const { photos } = sources;
  if (!photos) throw new SetupError('pictures cannot be fetched here');
  const [{ value }, pictures, place, [driver], age] = await Promise.all([
    driverRules(context),
    picturesOf(db, order.id),
    placeOf(db, order, through),
    driversWithIds(db, [order.driverId]),
    deliveriesAge(db, order.sample),
  ]);
  const where = { ...value.pod, privateNetworks: value.pod?.privateNetworks ?? false };
  const who = called({ driverId: order.driverId, name: driver?.name ?? order.driverId });
  const shown = await Promise.all(
    pictures.slice(0, SHOWN).map(async (picture) => ({
      picture,
      got: await photos.small(picture.address, where),
      words: [
        picture.takenBy ?? who,
        picture.takenAt ? localMinute(picture.takenAt, clock.zone) : pick(lang, '时间未知', 'time not known'),
        picture.place ?? pick(lang, '地点未知', 'place not known'),
      ].join(' · '),
    })),
  );
  const lines = shown.map(({ got, words }, n) => {
    const label = pick(lang, `照片 ${n + 1}`, `Picture ${n + 1}`);
    const lost =
      'missing' in got ? pick(lang, `看不了：${got.missing.zh}`, `cannot be shown: ${got.missing.en}`) : null;
    return [label, words, lost].filter(Boolean).join(' · ');
  });
  const refs = shown.flatMap(({ got, words }) => ('file' in got ? [{ file: got.file, alt: words }] : []));
  const count = pictures.length;
  return {
    title: pick(
      lang,
      `${order.id} 签收照片 ${count} 张 · ${who}`,
      `${order.id}: ${count} proof-of-delivery ${count === 1 ? 'picture' : 'pictures'} · ${who}`,
    ),
    tone: refs.length === 0 ? 'warn' : 'info',
    blocks: [
      {
        type: 'text',
        text: [standing(order, place, through, clock.zone, lang), ...lines, ...remarks(count, lang)]
          .filter(Boolean)
          .join('\n'),
      },
      ...(refs.length > 0 ? [{ type: 'pictures' as const, pictures: refs }] : []),
      ...turns(place, through, lang),
    ],
    ...(age && {
      asOf: {
        at: age.asOf.toISOString(),
        source: order.sample ? '' : age.source,
        completeness: age.completeness as 'complete',
        sample: order.sample,
      },
    }),
    data: asData({
      order: order.id,
      driver: order.driverId,
      day: order.orderDay,
      pictures: shown.map(({ picture, got }) => ({
        ...{ taken_at: picture.takenAt, taken_by: picture.takenBy, place: picture.place },
        ...('file' in got ? { file: got.file } : { missing: got.missing }),
      })),
      position: { at: place.at, of: place.of },
      previous: place.previous,
      next: place.next,
    }),
    lang,
  };
}

/** 「送达 2026-11-20 11:00 · 当天第 1/3 单」 */
function standing({ deliveredAt }: Delivered, { at, of }: Place, through: Through, zone: string, lang: Lang): string {
  const done = deliveredAt && localMinute(deliveredAt, zone);
  const whose = through === 'day' ? pick(lang, '全天', 'that day') : pick(lang, '当天', "the driver's that day");
  return [
    done && pick(lang, `送达 ${done}`, `delivered ${done}`),
    of > 1 && at > 0 && pick(lang, `${whose}第 ${at}/${of} 单`, `order ${at} of ${of} of ${whose}`),
  ]
    .filter(Boolean)
    .join(' · ');
}

function remarks(count: number, lang: Lang): string[] {
  if (count === 0) return [pick(lang, '这一单没有签收照片。', 'This order has no proof-of-delivery picture.')];
  if (count <= SHOWN) return [];
  return [pick(lang, `共 ${count} 张，只放前 ${SHOWN} 张。`, `${count} pictures; the first ${SHOWN} are shown.`)];
}

/** The message itself becomes the order before or after it. */
function turns({ previous, next }: Place, through: Through, lang: Lang) {
  const button = (label: string, to: string | null): Button[] => {
    const args = { what: to ?? '', ...(through === 'day' && { through }) };
    return to === null ? [] : [{ label, call: { command: 'drivers.pod', args, turns: true } }];
  };
  const buttons = [
    ...button(pick(lang, '◀ 上一单', '◀ Previous'), previous),
    ...button(pick(lang, '下一单 ▶', 'Next ▶'), next),
  ];
  return buttons.length > 0 ? [{ type: 'actions' as const, buttons }] : [];
}
