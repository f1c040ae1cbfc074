import type { AlertStanding } from '../../../core/alert.ts';
import type { Ask } from '../../../core/command.ts';
import { asData, type DataAge, type MessageDraft, pick } from '../../../core/message.ts';
import { localMinute } from '../../../core/time.ts';
import type { DeliveriesAge } from '../store.ts';
import { called, sayTime } from './letters.ts';
import type { Missing } from './missing.ts';

const SHOWN = 40;

type Row = Missing & { alert: AlertStanding | undefined };

interface Of {
  age: DeliveriesAge | null;
  sample: boolean;
  /** Data older than so many minutes says nothing of now. */
  maxAge: number;
}

/** The list of those who owe an update, the longest first. */
export function missingCard(ask: Ask, dsp: string | null, found: readonly Row[], of: Of): MessageDraft {
  const { lang } = ask;
  const { title, known } = titleOf(ask, dsp, found, of);
  const columns = [
    { label: pick(lang, '司机', 'Driver') },
    ...(dsp ? [] : [{ label: pick(lang, '服务商', 'DSP') }]),
    { label: pick(lang, '最后更新', 'Last update') },
    { label: pick(lang, '剩余单', 'Orders'), align: 'right' as const },
    { label: pick(lang, '提醒', 'Alert') },
  ];
  const rows = found.slice(0, SHOWN).map((one) => cells(ask, one, dsp === null));
  const text = pick(
    lang,
    `只列最久的 ${SHOWN} 条，共 ${found.length} 条。`,
    `The ${SHOWN} longest of ${found.length}.`,
  );
  const refresh = { command: 'drivers.missing', args: dsp ? { dsp } : {}, turns: true };
  const { age, sample } = of;
  const asOf: DataAge | null = age && {
    at: age.asOf.toISOString(),
    source: sample ? '' : age.source,
    completeness: age.completeness as DataAge['completeness'],
    sample,
    ...(age.note && { note: age.note }),
  };
  return {
    title,
    tone: !known || found.length > 0 ? 'warn' : 'good',
    blocks: [
      ...(rows.length > 0 ? [{ type: 'table' as const, columns, rows }] : []),
      ...(found.length > SHOWN ? [{ type: 'text' as const, text }] : []),
      { type: 'actions', buttons: [{ label: pick(lang, '刷新', 'Refresh'), call: refresh }] },
    ],
    ...(asOf && { asOf }),
    data: asData(found.map(valuesOf)),
    lang,
  };
}

function titleOf({ context, lang }: Ask, dsp: string | null, found: readonly Row[], { age, sample, maxAge }: Of) {
  const { clock } = context;
  if (!age) {
    return {
      known: false,
      title: pick(
        lang,
        '还没有司机的数据，缺不缺更新不知道',
        'There is no data of drivers yet: what is missing is not known',
      ),
    };
  }
  if (!sample && clock.now().getTime() - age.asOf.getTime() > maxAge * 60_000) {
    const at = localMinute(age.asOf, clock.zone);
    return {
      known: false,
      title: pick(
        lang,
        `司机数据停在 ${at}，现在谁缺更新不知道`,
        `The data of drivers ends at ${at}: what is missing now is not known`,
      ),
    };
  }
  const whose = dsp ? `${dsp} ` : '';
  const people = new Set(found.map(({ driver }) => driver.driverId)).size;
  return {
    known: true,
    title:
      people === 0
        ? pick(lang, `${whose}没有司机缺更新`, `${whose}no driver owes an update`)
        : pick(
            lang,
            `${whose}${people} 名司机缺更新`,
            `${whose}${people} ${people === 1 ? 'driver owes' : 'drivers owe'} an update`,
          ),
  };
}

function cells({ context, lang }: Ask, { rule, driver, since, orders, alert }: Row, withDsp: boolean): string[] {
  const at = sayTime(since, context.clock);
  const last = driver.last ? at : pick(lang, '未知', 'not known');
  return [
    called(driver),
    ...(withDsp ? [driver.dsp ?? '—'] : []),
    rule.overdueMinutes === undefined ? last : pick(lang, `应 ${at} 前`, `due ${at}`),
    String(orders),
    alert ? [`#${alert.id}`, alert.state === 'open' ? null : alert.owner].filter(Boolean).join(' ') : '—',
  ];
}

function valuesOf({ rule, driver, since, orders, alert }: Row) {
  return {
    driver: driver.driverId,
    name: driver.name,
    dsp: driver.dsp,
    rule: rule.name,
    overdue: rule.overdueMinutes !== undefined,
    since,
    last: driver.last,
    orders,
    alert: alert ?? null,
  };
}
