import { z } from 'zod';
import type { Rules } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';
import { sheetOf } from '../../core/sheet.ts';

/** `30m`, `4h`, `2d` → minutes. */
const Duration = z
  .string()
  .regex(/^\d+[mhd]$/, 'a time such as 30m, 4h or 2d')
  .transform((text) => Number(text.slice(0, -1)) * ({ m: 1, h: 60, d: 1_440 }[text.slice(-1)] ?? 1));

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of the day, e.g. "18:00"');
const Channel = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a channel of channels.yaml');

/** Who is told: the provider's group, its lead, the person who has the order, or a channel. */
const Told = z.union([z.enum(['group', 'lead', 'owner']), z.string().regex(/^channel:[a-z0-9][a-z0-9-]*$/)], {
  error: 'group, lead, owner or channel:NAME',
});
const Step = z.strictObject({ after: Duration, tell: z.array(Told).min(1) });

const SlaRules = z.strictObject({
  notice: z.array(Step).min(1),
  appeals: z.strictObject({ daily: TimeOfDay, weekly: TimeOfDay }),
  ranking: z.strictObject({ channel: Channel }),
});
export type SlaRules = z.output<typeof SlaRules>;
export type Step = z.output<typeof Step>;

/** Reads `rules/sla.yaml`. @throws SetupError naming the file and line of every mistake */
export async function readSlaRules(rules: Pick<Rules, 'documents'>): Promise<SlaRules> {
  const [document] = await rules.documents('sla');
  if (!document) throw new SetupError('rules/sla.yaml is missing: it says how violations are told.');
  const { value, mistakes } = sheetOf(document, SlaRules);
  if (!value) throw new SetupError('rules/sla.yaml is wrong:', mistakes);
  return value;
}
