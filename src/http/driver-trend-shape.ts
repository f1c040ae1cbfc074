import { z } from 'zod';

/** The shape in which the replaced dashboard published trends. */

export const DRIVER_TREND = '/api/driver-trend-analysis';

const count = z.number().nullable();
const rates = { delivered: count, on_time_rate: count, failed_rate: count };

/** What is asked: a driver or a DSP, and days; by default the last seven. */
export const TrendQuestion = z
  .object({
    driver_id: z.string().min(1).optional().describe('The driver, by id or name'),
    dsp: z.string().min(1).optional().describe('A DSP in place of a driver'),
    date_range: z
      .union([z.string(), z.object({ from: z.iso.date(), to: z.iso.date() })])
      .nullable()
      .optional()
      .describe('last_7_days (default), last_24_hours, last_N_days, or from and to'),
  })
  .refine(({ driver_id, dsp }) => (driver_id === undefined) !== (dsp === undefined), 'name a driver_id or a dsp');

/** What is answered. Figures that are not known are null; of hours, dates are instants. */
export const TrendAnswer = z.object({
  driver_id: z.string().optional(),
  dsp: z.string().optional(),
  name: z.string(),
  date_range: z.object({ from: z.string(), to: z.string() }),
  metric: z.string(),
  metrics: z.array(
    z.object({ date: z.string(), delivered: count, on_time: count, failed: count, moving_average: count }),
  ),
  trend: z
    .object({
      slope_per_day: z.number(),
      slope_per_hour: z.number().optional(),
      direction: z.enum(['rising', 'falling', 'flat']),
      strength: z.enum(['strong', 'moderate', 'weak']),
      line: z.array(z.number()),
      band: z.object({ low: z.array(z.number()), high: z.array(z.number()) }).nullable(),
    })
    .nullable(),
  productivity: z.object({ hours: z.number(), per_hour: z.number() }).nullable(),
  comparison: z.object({
    dsp: z.object({ name: z.string(), ...rates }).nullable(),
    before: z.object({ from: z.string(), to: z.string(), ...rates, change: z.object(rates) }).nullable(),
  }),
  missing_updates: z.number().optional(),
  summary: z.string(),
  as_of: z.iso.datetime().nullable(),
  complete: z.boolean(),
  chart_url: z.string().nullable(),
});
