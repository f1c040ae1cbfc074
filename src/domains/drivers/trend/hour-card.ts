import { asData, type MessageDraft, pick } from '../../../core/message.ts';
import { grouped } from '../../../core/money.ts';
import { clockTime, today } from '../../../core/time.ts';
import { figureOf, hoursUntil, type Metric, type Tally } from '../model.ts';
import { ageOf, buttonsFor, type Compared, chartBlocks, factsOf, type Shown, textBlocks, type World } from './cards.ts';
import { hourChart } from './charts.ts';
import { standingOf } from './compare.ts';
import { comparisonData, lineData, productivityData, rounded } from './data.ts';
import { hourTrend } from './trend.ts';

export interface HoursShown extends Shown {
  metric: Metric;
  /** When the 24 hours end. */
  end: Date;
  /** Of each hour, by when it was ordered. */
  tallies: readonly Tally[];
  /** Of the 24 hours before. */
  before: readonly Tally[];
  /** Orders of these days whose time is not known. */
  untimed: number;
  drivers: number;
  dsp: { name: string; drivers: number; tallies: readonly Tally[] } | null;
}

const TEMPLATES: Record<Metric, string> = {
  deliveries: 'drivers/hours',
  on_time: 'drivers/on-time',
  failed: 'drivers/failed',
};
const HOUR = 3_600_000;

/** The last 24 hours of a driver or a DSP, counted by order time in whole hours that end now. */
export function hourCard(world: World, shown: HoursShown): MessageDraft {
  const { lang, context } = world;
  const { metric, end, tallies, dsp, untimed, drivers } = shown;
  const { zone } = context.clock;
  const counts = tallies.map(({ completed }) => completed);
  const most = Math.max(...counts);
  const peak = hoursUntil(end)[counts.indexOf(most)];
  const reading = hourTrend(tallies, metric);
  const compared = comparedWith(shown);
  const said = context.words.say(TEMPLATES[metric], lang, {
    ...factsOf(world, shown, reading, compared, workedHours(tallies)),
    mean: null,
    span: pick(lang, '24小时', '24 hours'),
    days: false,
    peak: most > 0 && peak ? `${clockTime(peak, zone)}–${clockTime(new Date(peak.getTime() + HOUR), zone)}` : null,
    untimed: untimed === 0 ? null : grouped(untimed),
    drivers: shown.subject.kind === 'dsp' ? drivers : null,
    perDriver: null,
  });
  const age = ageOf(shown, context.clock);
  return {
    title: said.title,
    blocks: [
      ...textBlocks(said.text),
      ...chartBlocks(world, said.title, age, reading.values, hourChart(reading, metric, dsp, end, zone, lang)),
      buttonsFor(shown, metric, today(context.clock), lang),
    ],
    asOf: age,
    data: hourValues(shown, said.title, true, compared),
    lang,
  };
}

function comparedWith({ tallies, before, dsp, drivers }: HoursShown): Compared {
  const worked = before.some(({ completed, failed }) => completed + failed > 0);
  return {
    now: standingOf(tallies, drivers),
    before: worked ? standingOf(before, drivers) : null,
    dsp: dsp && { name: dsp.name, ...standingOf(dsp.tallies, dsp.drivers) },
  };
}

function workedHours(tallies: readonly Tally[]): number {
  return tallies.filter(({ completed }) => completed > 0).length;
}

/**
 * As the days' values, with the beginning of each hour as its date; the slope says how many more an hour, per hour.
 * @param known whether anybody has data of these hours
 */
export function hourValues(
  shown: HoursShown,
  summary: string,
  known: boolean,
  compared = comparedWith(shown),
): MessageDraft['data'] {
  const { subject, metric, end, tallies, age } = shown;
  const reading = hourTrend(tallies, metric);
  const { trend } = reading;
  return asData({
    ...(subject.kind === 'dsp' ? { dsp: subject.id } : { driver_id: subject.id }),
    name: subject.name,
    date_range: { from: hoursUntil(end)[0], to: end },
    metric,
    metrics: hoursUntil(end).map((start, at) => ({
      date: start,
      ...(known ? hourFigures(tallies[at]) : { delivered: null, on_time: null, failed: null }),
      moving_average: rounded(reading.average[at] ?? null),
    })),
    trend: trend && {
      slope_per_hour: rounded(trend.slope),
      slope_per_day: rounded(trend.slope * 24),
      ...lineData(trend),
    },
    productivity: productivityData(reading.total, workedHours(tallies)),
    comparison: comparisonData(compared, {
      from: new Date(end.getTime() - 48 * HOUR),
      to: hoursUntil(end)[0],
    }),
    summary,
    as_of: age?.asOf ?? null,
    complete: known && age?.completeness === 'complete' && shown.untimed === 0,
  });
}

function hourFigures(tally: Tally | undefined) {
  return {
    delivered: figureOf(tally ?? null, 'deliveries'),
    on_time: tally && tally.onTimeKnown > 0 ? tally.onTime : null,
    failed: figureOf(tally ?? null, 'failed'),
  };
}
