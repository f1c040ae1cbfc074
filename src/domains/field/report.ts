import type { Context } from '../../core/context.ts';
import type { MessageDraft } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { readProviders } from '../../core/providers.ts';
import { addDays, type Day, sayDay, today } from '../../core/time.ts';
import { readFieldRules } from './rules.ts';
import { pendingState, waitingAt } from './store.ts';

/** Rows of the report; others are summed up in the last. */
const ROWS = 15;

/** Orders and violations of a day, from the domain that has them. */
interface DayFacts {
  /** The day's violations are known. */
  known: boolean;
  /** The day's orders are known. */
  orders: boolean;
  sample: boolean;
  byProvider: ReadonlyMap<string, { cities: string; orders: number; violations: number }>;
  /** Violations by city. */
  byCity: ReadonlyMap<string, number>;
}

/** A provider's day. null: not known. */
interface Line {
  /** City and provider. */
  name: string;
  provider: string;
  orders: number | null;
  violations: number | null;
  violationsBefore: number | null;
  pending: number | null;
}

/**
 * 服务日报: yesterday by city and provider (orders, violations) and what waits now, against the same day of the week before. What is
 * not known is said as not known.
 */
export async function postReport(
  context: Context,
  factsOf: (day: Day) => Promise<DayFacts>,
): Promise<Record<string, number>> {
  const { db, clock, outbox, rules } = context;
  const day = addDays(today(clock), -1);
  const before = addDays(day, -7);
  const [now, then] = [await factsOf(day), await factsOf(before)];
  const state = await pendingState(db);
  if (!now.known && !state) return { read: 0, said: 0, skipped: 1 };
  const sample = now.sample || (!now.known && (state?.sample ?? false));
  const pending = state && state.sample === sample ? await waitingAt(db, clock.now(), sample) : null;
  const names = new Set([...now.byProvider.keys(), ...then.byProvider.keys(), ...(pending?.keys() ?? [])]);
  const lines = [...names]
    .map((name): Line => {
      const [own, old] = [now.byProvider.get(name), then.byProvider.get(name)];
      return {
        name: [own?.cities ?? old?.cities, name].filter(Boolean).join(' · '),
        provider: name,
        orders: now.orders ? (own?.orders ?? 0) : null,
        violations: now.known ? (own?.violations ?? 0) : null,
        violationsBefore: then.known ? (old?.violations ?? 0) : null,
        pending: pending ? (pending.get(name) ?? 0) : null,
      };
    })
    .toSorted((a, b) => (b.violations ?? 0) - (a.violations ?? 0) || (b.pending ?? 0) - (a.pending ?? 0));
  const { report } = await readFieldRules(rules);
  const { leadOf } = await readProviders(rules, sample);
  const posted = await outbox.post({
    key: `field/report/${day}`,
    to: sample ? leadOf('') : `channel:${report.channel}`,
    class: 'broadcast',
    message: reportMessage(day, lines, now.byCity, context),
    sample,
  });
  return { read: lines.length, said: posted === 'queued' ? 1 : 0, skipped: posted === 'queued' ? 0 : 1 };
}

function reportMessage(
  day: Day,
  lines: readonly Line[],
  cities: ReadonlyMap<string, number>,
  { words }: Context,
): MessageDraft {
  const total = (of: (line: Line) => number | null) =>
    lines.some((line) => of(line) === null) ? null : lines.reduce((sum, line) => sum + (of(line) ?? 0), 0);
  const figure = (value: number | null) => (value === null ? '不详' : grouped(value));
  const [now, old] = [total((line) => line.violations), total((line) => line.violationsBefore)];
  const said = words.say('field/report', 'zh', {
    day: sayDay(day, 'zh'),
    orders: figure(total((line) => line.orders)),
    violations: figure(now),
    change:
      now === null || old === null
        ? '上周同日不详'
        : now === old
          ? '与上周同日持平'
          : `较上周同日 ${now > old ? '+' : '−'}${Math.abs(now - old)}`,
    pending: figure(total((line) => line.pending)),
    hasCities: cities.size > 0,
    cities: [...cities].map(([city, count]) => `${city} ${count}`).join(' · '),
  });
  const shown = lines.slice(0, ROWS);
  return {
    title: said.title,
    lang: 'zh',
    blocks: [
      ...(said.text ? [{ type: 'text' as const, text: said.text }] : []),
      ...(shown.length > 0
        ? [
            {
              type: 'chart' as const,
              alt: shown.map((line) => `${line.name} ${figure(line.violations)}`).join(' · '),
              chart: {
                title: `${sayDay(day, 'zh')} 违规，与上周同日相比`,
                shape: 'ranking' as const,
                // A label has room for a name, not for its city too.
                labels: shown.map(({ provider }) => provider),
                unit: '条',
                series: [
                  {
                    name: '昨日',
                    kind: 'bar' as const,
                    role: 'subject' as const,
                    values: shown.map((line) => line.violations),
                  },
                  {
                    name: '上周同日',
                    kind: 'bar' as const,
                    role: 'comparison' as const,
                    values: shown.map((line) => line.violationsBefore),
                  },
                ],
              },
            },
            {
              type: 'table' as const,
              columns: [
                { label: '城市 · 服务商' },
                { label: '工单', align: 'right' as const },
                { label: '违规', align: 'right' as const },
                { label: '上周同日', align: 'right' as const },
                { label: '待预约', align: 'right' as const },
              ],
              rows: shown.map((line) => [
                line.name,
                figure(line.orders),
                figure(line.violations),
                figure(line.violationsBefore),
                figure(line.pending),
              ]),
            },
          ]
        : []),
      ...(lines.length > ROWS ? [{ type: 'text' as const, text: `另有 ${lines.length - ROWS} 家。` }] : []),
    ],
  };
}
