import { asData, type Message } from '../../core/message.ts';
import type { Day } from '../../core/time.ts';
import { type DriverDay, figureOf } from './model.ts';
import type { DriverTrend } from './trend.ts';

/** A trend as values: what `POST /api/driver-trend-analysis` answers, apart from the picture. Figures that are not known are null. */
export function trendData(of: {
  driverId: string;
  from: Day;
  to: Day;
  trend: DriverTrend;
  summary: string;
  asOf: Date | null;
  complete: boolean;
}): Message['data'] {
  const { driverId, from, to, trend, summary, asOf, complete } = of;
  const line = trend.trend;
  return asData({
    driver_id: driverId,
    date_range: { from, to },
    metrics: trend.days.map((day, at) => ({ ...metricsOf(day), moving_average: rounded(trend.average[at] ?? null) })),
    trend: line && { slope_per_day: rounded(line.slope), direction: line.direction, strength: line.strength },
    summary,
    as_of: asOf,
    complete,
  });
}

function metricsOf({ day, tally }: DriverDay) {
  return {
    date: day,
    delivered: figureOf(tally, 'deliveries'),
    on_time: tally && tally.onTimeKnown > 0 ? tally.onTime : null,
    failed: figureOf(tally, 'failed'),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
