import type { Ask } from '../../../core/command.ts';
import { footnote } from '../../../core/footnote.ts';
import { type Button, type DataAge, type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { grouped } from '../../../core/money.ts';
import { addDays, type Clock, type Day, daysBetween, today } from '../../../core/time.ts';
import { figureOf, type Metric } from '../model.ts';
import type { DeliveriesAge } from '../store.ts';
import type { Drawn } from './charts.ts';
import { changeOf, failedShare, type Standing } from './compare.ts';
import { type Period, sayPeriod } from './period.ts';
import type { Subject } from './subject.ts';
import type { Reading } from './trend.ts';

/** What every answer about a trend shows. */
export interface Shown {
  subject: Subject;
  period: Period;
  age: DeliveriesAge | null;
}

/** What a trend is held against. */
export interface Compared {
  now: Standing;
  before: Standing | null;
  dsp: (Standing & { name: string }) | null;
}

export type World = Pick<Ask, 'lang' | 'context'>;
export type Blocks = NonNullable<MessageDraft['blocks']>;

const STRENGTHS = {
  strong: { zh: '明显', en: 'clear' },
  moderate: { zh: '一般', en: 'moderate' },
  weak: { zh: '微弱', en: 'weak' },
} as const;

/** The holes that every trend's template may have. */
export function factsOf(
  { lang, context }: World,
  { subject, period }: Shown,
  reading: Reading,
  { now, before, dsp }: Compared,
  hours: number | null,
): Record<string, unknown> {
  const { total, trend } = reading;
  const change = before && changeOf(now, before);
  const flat = trend?.direction === 'flat';
  return {
    ...whose(subject),
    period: sayPeriod(period, context.clock, lang),
    dated: period.unit === 'days' && period.to !== today(context.clock),
    each: period.unit === 'hours' ? pick(lang, '小时', 'hour') : pick(lang, '天', 'day'),
    total: grouped(total.completed),
    one: total.completed === 1,
    onTime: figureOf(total, 'on_time')?.toFixed(1) ?? null,
    failed: total.statusKnown > 0 ? grouped(total.failed) : null,
    share: failedShare(total)?.toFixed(1) ?? null,
    rising: trend?.direction === 'rising',
    falling: trend?.direction === 'falling',
    flat,
    slope: trend && signed(trend.slope),
    strength: trend && !flat ? STRENGTHS[trend.strength][lang] : null,
    perHour: hours && total.completed > 0 ? (total.completed / hours).toFixed(1) : null,
    dsp: dsp?.name ?? null,
    dspMean: dsp?.delivered?.toFixed(1) ?? null,
    dspOnTime: dsp?.onTime?.toFixed(1) ?? null,
    dspFailed: dsp?.failed?.toFixed(1) ?? null,
    changed: change !== null && change.delivered !== null,
    before: percent(change?.delivered),
    beforeOnTime: points(change?.onTime),
    beforeFailed: points(change?.failed),
    missed: null,
    drivers: null,
    gaps: null,
    running: false,
  };
}

/** The chart, where there is anything to draw. */
export function chartBlocks(
  { lang, context }: World,
  title: string,
  age: DataAge,
  values: readonly (number | null)[],
  drawn: Drawn,
): Blocks {
  if (values.every((value) => value === null)) return [];
  return [{ type: 'chart', chart: { title, footnote: footnote(age, context.clock, lang), ...drawn }, alt: title }];
}

/** Nothing to draw: a true zero where others have data of that time, else not known. */
export function nothingCard(
  { lang, context }: World,
  shown: Shown & { others: boolean; last: Day | null; newest: Day | null },
): MessageDraft & { title: string } {
  const { subject, period, others, last, newest } = shown;
  const said = context.words.say('drivers/nothing', lang, {
    ...whose(subject),
    period: sayPeriod(period, context.clock, lang),
    others,
    last,
    newest,
  });
  const blocks = textBlocks(said.text);
  if (last) {
    const range = `${addDays(last, -6)}..${last}`;
    const label = pick(lang, `${addDays(last, -6)} 至 ${last.slice(5)}`, `${addDays(last, -6)} to ${last.slice(5)}`);
    blocks.push({ type: 'actions', buttons: [button(label, subject, range, 'deliveries')] });
  }
  return {
    title: said.title,
    tone: others ? 'info' : 'warn',
    blocks,
    asOf: ageOf(shown, context.clock),
    lang,
  };
}

/** A driver without a name of his own is called by his id, a DSP by its name. */
function whose({ id, name }: Subject) {
  return { id, name: name === id ? null : name };
}

function signed(slope: number): string {
  const size = Math.abs(slope) < 0.1 ? slope.toPrecision(1) : slope.toFixed(1);
  return slope > 0 ? `+${size}` : size;
}

function percent(change: number | null | undefined): string | null {
  return change === null || change === undefined ? null : `${change > 0 ? '+' : ''}${change.toFixed(1)}%`;
}

function points(change: number | null | undefined): string | null {
  return change === null || change === undefined ? null : `${change > 0 ? '+' : ''}${change.toFixed(1)}`;
}

export function textBlocks(text: string): Blocks {
  return text.trim() ? [{ type: 'text', text: text.trim() }] : [];
}

/** Days of which nobody has data make an answer partial, however complete the feed calls itself. */
export function ageOf({ subject, age }: Shown, clock: Clock, gaps: readonly Day[] = []): DataAge {
  return {
    at: (age?.asOf ?? clock.now()).toISOString(),
    source: subject.sample ? '' : (age?.source ?? ''),
    completeness: gaps.length > 0 ? 'partial' : ((age?.completeness ?? 'unknown') as DataAge['completeness']),
    sample: subject.sample,
    ...(age?.note && { note: age.note }),
  };
}

export function buttonsFor({ subject, period }: Shown, metric: Metric, now: Day, lang: Lang) {
  const others = [
    [pick(lang, '24小时', '24 hours'), 'last_24_hours'],
    [pick(lang, '7天', '7 days'), 'last_7_days'],
    [pick(lang, '30天', '30 days'), 'last_30_days'],
  ] as const;
  const buttons = others.filter(([, range]) => range !== period.said);
  return {
    type: 'actions' as const,
    buttons: [
      ...neighboursOf(period, now, lang).map(([label, range]) => {
        const { call } = button(label, subject, range, metric);
        return { label, call: { ...call, turns: true } };
      }),
      ...buttons.map(([label, range]) => button(label, subject, range, metric)),
    ],
  };
}

/** The stretches of the same length before and after: the message itself becomes theirs. */
function neighboursOf(period: Period, now: Day, lang: Lang): [label: string, range: string][] {
  if (period.unit === 'hours') return [];
  const { from, to } = period;
  const length = daysBetween(from, to).length;
  const shifted = (days: number) => `${addDays(from, days)}..${addDays(to, days)}`;
  return [
    [pick(lang, '◀ 往前', '◀ Earlier'), shifted(-length)],
    ...(to < now ? [[pick(lang, '往后 ▶', 'Later ▶'), shifted(length)] as [string, string]] : []),
  ];
}

function button(label: string, { kind, id }: Subject, range: string, metric: Metric): Button {
  const whose = kind === 'dsp' ? { dsp: id } : { driver: id };
  const args = { ...whose, range, ...(metric !== 'deliveries' && { metric }) };
  return { label, call: { command: 'drivers.trend', args } };
}
