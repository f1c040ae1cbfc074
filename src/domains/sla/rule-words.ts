import { z } from 'zod';

/** `30m`, `4h`, `2d` → minutes. */
export const Duration = z
  .string()
  .regex(/^\d+[mhd]$/, 'a time such as 30m, 4h or 2d')
  .transform((text) => Number(text.slice(0, -1)) * ({ m: 1, h: 60, d: 1_440 }[text.slice(-1)] ?? 1));

export const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of the day, e.g. "18:00"');

/** Who is told: the provider's group, its lead, the person who has the order, or a channel. */
const Told = z.union([z.enum(['group', 'lead', 'owner']), z.string().regex(/^channel:[a-z0-9][a-z0-9-]*$/)], {
  error: 'group, lead, owner or channel:NAME',
});

/** A step of telling. */
export const Step = z.strictObject({ after: Duration, tell: z.array(Told).min(1) });
export type Step = z.output<typeof Step>;
