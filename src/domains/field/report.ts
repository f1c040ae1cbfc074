import type { Context } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import { noticeCounts } from '../../core/job.ts';
import { type Lang, type MessageDraft, pick, type Worded } from '../../core/message.ts';
import { grouped } from '../../core/money.ts';
import { readProviders } from '../../core/providers.ts';
import { addDays, type Day, sayDay, today } from '../../core/time.ts';
import { type DayFacts, type Figure, type ReportLine, reportLines, totalOf } from './report-lines.ts';
import { readFieldRules } from './rules.ts';
import { pendingState, pendingWasKnown, waitingAt } from './store.ts';
import { worded } from './words.ts';

/** Rows of the report; others are summed up in the last. */
const ROWS = 15;
const WEEK_MS = 7 * 86_400_000;

/** What the domain of orders and violations knows. */
export interface ServiceFacts {
  /** Violations that are not known yet may still come: then the report is posted later. */
  mayWait: boolean;
  dayOf(day: Day): Promise<DayFacts>;
  /** The cities of orders, by number. */
  citiesOf(numbers: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * 服务日报: yesterday by city and provider (orders, violations) and what waits now, each against the week before: the same
 * day, the same hour. What is not known is said as not known.
 */
export async function postReport(context: Context, facts: ServiceFacts): Promise<Record<string, number>> {
  const { db, clock, outbox, rules } = context;
  const day = addDays(today(clock), -1);
  const [now, before] = [await facts.dayOf(day), await facts.dayOf(addDays(day, -7))];
  const state = await pendingState(db);
  if (!now.known && (facts.mayWait || !state)) return noticeCounts({ skipped: 1 });
  const sample = now.sample || (!now.known && (state?.sample ?? false));
  const weekAgo = new Date(clock.now().getTime() - WEEK_MS);
  const waiting = state?.sample === sample ? await waitingAt(db, clock.now(), sample) : null;
  const waited = waiting && (await pendingWasKnown(db, weekAgo, sample)) ? await waitingAt(db, weekAgo, sample) : null;
  const numbers = [...(waiting ?? []), ...(waited ?? [])].map(({ orderNum }) => orderNum);
  // Invented days and real ones are not held against each other.
  const comparable = before.sample === sample ? before : { ...before, known: false, orders: false, lines: [] };
  const lines = reportLines(
    { now, before: comparable },
    { now: waiting, before: waited },
    await facts.citiesOf(numbers),
  );
  const { report } = await readFieldRules(rules);
  const { leadOf } = await readProviders(rules, sample);
  const posted = await outbox.post({
    key: `field/report/${day}`,
    to: sample ? leadOf('') : `channel:${report.channel}`,
    class: 'broadcast',
    message: reportMessage(day, lines, context),
    sample,
  });
  const said = posted === 'queued' ? 1 : 0;
  return noticeCounts({ read: lines.length, new: said, said, skipped: 1 - said });
}

function reportMessage(day: Day, lines: readonly ReportLine[], context: Context): Worded {
  const violations = totalOf(lines, (line) => line.violations);
  const cities = [...groupBy(lines, ({ city }) => city)].flatMap(([city, own]) => {
    const { now } = totalOf(own, (line) => line.violations);
    return city && now ? [`${city} ${grouped(now)}`] : [];
  });
  return worded(
    'report',
    violations.now !== null && violations.before !== null && violations.now > violations.before ? 'warn' : 'info',
    context,
    (lang) => ({
      day: sayDay(day, lang),
      orders: figureWords(
        totalOf(lines, (line) => line.orders),
        lang,
      ),
      violations: violations.now === null ? pick(lang, '不详', 'unknown') : grouped(violations.now),
      change: changeWords(violations, lang),
      isCompared: lines.some((line) =>
        [line.orders, line.pending].some(({ now, before }) => now !== null && before !== null),
      ),
      pending: figureWords(
        totalOf(lines, (line) => line.pending),
        lang,
      ),
      hasCities: cities.length > 0,
      cities: cities.join(' · '),
    }),
    (lang) => (lines.length > 0 ? reportBlocks(day, lines, lang) : []),
  );
}

function reportBlocks(day: Day, lines: readonly ReportLine[], lang: Lang): NonNullable<MessageDraft['blocks']> {
  const shown = lines.slice(0, ROWS);
  // A label has room for a name, and for its city where a provider is in several.
  const several = new Set(shown.filter((one) => shown.some((two) => two !== one && two.provider === one.provider)));
  const label = (line: ReportLine) => (several.has(line) ? `${line.city} ${line.provider}`.trim() : line.provider);
  const bars = (name: string, role: 'subject' | 'comparison', side: keyof Figure) => ({
    ...{ name, kind: 'bar' as const, role },
    values: shown.map(({ violations }) => violations[side]),
  });
  return [
    {
      type: 'chart',
      alt: shown.map((line) => `${label(line)} ${line.violations.now ?? '-'}`).join(' · '),
      chart: {
        title: pick(
          lang,
          `${sayDay(day, lang)} 违规，与上周同日相比`,
          `Violations of ${sayDay(day, lang)}, against the week before`,
        ),
        shape: 'ranking',
        labels: shown.map(label),
        unit: pick(lang, '条', ''),
        series: [
          bars(pick(lang, '昨日', 'Now'), 'subject', 'now'),
          bars(pick(lang, '上周同日', 'Before'), 'comparison', 'before'),
        ],
      },
    },
    {
      type: 'table',
      columns: [
        { label: pick(lang, '城市', 'City') },
        { label: pick(lang, '服务商', 'Provider') },
        { label: pick(lang, '工单', 'Orders'), align: 'right' },
        { label: pick(lang, '违规', 'Violations'), align: 'right' },
        { label: pick(lang, '待预约', 'Waiting'), align: 'right' },
      ],
      rows: shown.map((line) => [
        line.city || '-',
        line.provider,
        figureWords(line.orders, lang),
        figureWords(line.violations, lang),
        figureWords(line.pending, lang),
      ]),
    },
    ...(lines.length > ROWS
      ? [
          {
            type: 'text' as const,
            text: pick(lang, `另有 ${lines.length - ROWS} 行。`, `And ${lines.length - ROWS} more lines.`),
          },
        ]
      : []),
  ];
}

/** 12（+3）: a figure with its change since the week before, where that is known. */
function figureWords({ now, before }: Figure, lang: Lang): string {
  if (now === null) return pick(lang, '不详', 'unknown');
  if (before === null) return grouped(now);
  const change = now === before ? '±0' : now > before ? `+${grouped(now - before)}` : `−${grouped(before - now)}`;
  return pick(lang, `${grouped(now)}（${change}）`, `${grouped(now)} (${change})`);
}

function changeWords({ now, before }: Figure, lang: Lang): string {
  if (now === null || before === null) return pick(lang, '上周同日不详', 'the week before is unknown');
  if (now === before) return pick(lang, '与上周同日持平', 'as a week before');
  const change = `${now > before ? '+' : '−'}${grouped(Math.abs(now - before))}`;
  return pick(lang, `较上周同日 ${change}`, `${change} against the week before`);
}
