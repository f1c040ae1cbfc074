import { z } from 'zod';
import type { AlertStanding } from '../../core/alert.ts';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, type DataAge, type MessageDraft, pick } from '../../core/message.ts';
import { rest } from '../../core/reader.ts';
import { localMinute } from '../../core/time.ts';
import { driverRules } from './mapping.ts';
import type { Missing } from './missing.ts';
import { missingNow } from './missing-check.ts';
import { called, sayTime } from './missing-letters.ts';
import { ongoingMissing } from './missing-store.ts';
import { allDrivers, deliveriesAge } from './store.ts';

const SHOWN = 40;

/** 缺失更新 DSP-A */
export const missing = command({
  name: 'drivers.missing',
  summary: {
    zh: '现在该有更新却没有的司机：在岗、有单、久未扫描，或订单过了时限没有结果',
    en: 'Drivers who owe an update now: on shift with open orders and no scan, or orders past their window without a result',
  },
  aliases: [{ words: '缺失 更新' }, { words: '缺失更新' }, { words: 'missing updates' }, { words: '未更新 司机' }],
  args: z.object({ dsp: z.string().trim().min(1).optional().describe('Only drivers of this DSP') }),
  reads: { dsp: rest({ zh: '服务商', en: 'the DSP' }) },
  examples: { zh: ['缺失更新', '缺失更新 DSP-A'], en: ['missing updates', 'missing updates DSP-A'] },
  role: 'lead',
  async run(ask, args) {
    const { context, lang } = ask;
    const { value } = await driverRules(context);
    if (!value.missing) {
      throw new AskerError(
        pick(
          lang,
          '还没有设缺失更新的规则（rules/drivers.yaml 的 missing）。',
          'No rules for missing updates are set (missing: in rules/drivers.yaml).',
        ),
      );
    }
    const dsp = args.dsp ? await dspMeant(ask, args.dsp) : null;
    const all = await missingNow(context, value.missing);
    const found = all
      .filter(({ driver }) => dsp === null || driver.dsp === dsp)
      .sort((a, b) => a.since.getTime() - b.since.getTime());
    const ongoing = await ongoingMissing(context.db);
    const alerts = new Map(ongoing.map((one) => [`${one.rule}/${one.driverId}`, one.alert]));
    const standing = await context.alerts.standing([...alerts.values()]);
    const of = ({ rule, driver }: Missing) => standing.get(alerts.get(`${rule.name}/${driver.driverId}`) ?? '');
    return card(ask, dsp, found, of, value.missing.dataMaxAge);
  },
});

async function card(
  { context, lang }: Ask,
  dsp: string | null,
  found: readonly Missing[],
  standingOf: (one: Missing) => AlertStanding | undefined,
  maxAge: number,
): Promise<MessageDraft> {
  const state = await deliveriesAge(context.db, false);
  const late = state !== null && context.clock.now().getTime() - state.asOf.getTime() > maxAge * 60_000;
  const whose = dsp ? `${dsp} ` : '';
  const people = new Set(found.map(({ driver }) => driver.driverId)).size;
  const title = !state
    ? pick(lang, '还没有司机的数据，缺不缺更新不知道', 'There is no data of drivers yet: what is missing is not known')
    : late
      ? pick(
          lang,
          `司机数据停在 ${localMinute(state.asOf, context.clock.zone)}，现在谁缺更新不知道`,
          `The data of drivers ends at ${localMinute(state.asOf, context.clock.zone)}: what is missing now is not known`,
        )
      : people === 0
        ? pick(lang, `${whose}没有司机缺更新`, `${whose}no driver owes an update`)
        : pick(
            lang,
            `${whose}${people} 名司机缺更新`,
            `${whose}${people} ${people === 1 ? 'driver owes' : 'drivers owe'} an update`,
          );
  const rows = found.slice(0, SHOWN).map((one) => {
    const standing = standingOf(one);
    return [
      called(one.driver),
      ...(dsp ? [] : [one.driver.dsp ?? '—']),
      one.rule.overdueMinutes === undefined
        ? one.driver.last
          ? sayTime(one.since, context.clock)
          : pick(lang, '未知', 'not known')
        : pick(lang, `应 ${sayTime(one.since, context.clock)} 前`, `due ${sayTime(one.since, context.clock)}`),
      String(one.orders),
      !standing
        ? '—'
        : standing.state === 'open'
          ? `#${standing.id}`
          : `#${standing.id} ${standing.owner ?? ''}`.trim(),
    ];
  });
  const columns = [
    { label: pick(lang, '司机', 'Driver') },
    ...(dsp ? [] : [{ label: pick(lang, '服务商', 'DSP') }]),
    { label: pick(lang, '最后更新', 'Last update') },
    { label: pick(lang, '剩余单', 'Orders'), align: 'right' as const },
    { label: pick(lang, '提醒', 'Alert') },
  ];
  const age: DataAge | undefined = state
    ? {
        at: state.asOf.toISOString(),
        source: state.source,
        completeness: state.completeness as DataAge['completeness'],
        sample: false,
        ...(state.note && { note: state.note }),
      }
    : undefined;
  const more =
    found.length > SHOWN
      ? [
          {
            type: 'text' as const,
            text: pick(
              lang,
              `只列最久的 ${SHOWN} 条，共 ${found.length} 条。`,
              `The ${SHOWN} longest of ${found.length}.`,
            ),
          },
        ]
      : [];
  return {
    title,
    tone: !state || late || people > 0 ? 'warn' : 'good',
    blocks: [
      ...(rows.length > 0 ? [{ type: 'table' as const, columns, rows }] : []),
      ...more,
      {
        type: 'actions',
        buttons: [
          {
            label: pick(lang, '刷新', 'Refresh'),
            call: { command: 'drivers.missing', args: dsp ? { dsp } : {}, turns: true },
          },
        ],
      },
    ],
    ...(age && { asOf: age }),
    data: asData(
      found.map((one) => ({
        driver: one.driver.driverId,
        name: one.driver.name,
        dsp: one.driver.dsp,
        rule: one.rule.name,
        since: one.since,
        last: one.driver.last,
        orders: one.orders,
        alert: standingOf(one) ?? null,
      })),
    ),
    lang,
  };
}

/** A DSP by its name, whatever the case; @throws AskerError with those that there are. */
async function dspMeant({ context, lang }: Ask, said: string): Promise<string> {
  const names = [...new Set((await allDrivers(context.db)).flatMap(({ dsp }) => dsp ?? []))];
  const same = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
  const found = names.find((name) => same(name) === same(said));
  if (found) return found;
  throw new AskerError(pick(lang, `没有服务商「${said}」。`, `There is no DSP “${said}”.`), {
    example: pick(lang, `缺失更新 ${names[0] ?? 'DSP-A'}`, `missing updates ${names[0] ?? 'DSP-A'}`),
    choices: names
      .filter((name) => same(name).includes(same(said)) || same(said).includes(same(name)))
      .slice(0, 3)
      .map((name) => ({ label: name, call: { command: 'drivers.missing', args: { dsp: name } } })),
  });
}
