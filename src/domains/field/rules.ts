import { z } from 'zod';
import type { Rules } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';
import { sheetOf } from '../../core/sheet.ts';

const Channel = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a channel of channels.yaml');

const FieldRules = z.strictObject({
  pending: z.strictObject({ patient: z.array(z.string().min(1)), hours: z.number().int().nonnegative() }),
  technicians: z.strictObject({ lookBackMinutes: z.number().int().positive() }),
  offline: z.strictObject({ channel: Channel, lookBackMinutes: z.number().int().positive() }),
  contacts: z.strictObject({ channel: Channel }),
  report: z.strictObject({ channel: Channel }),
});
export type FieldRules = z.output<typeof FieldRules>;

/** Reads `rules/field.yaml`. @throws SetupError naming the file and line of every mistake */
export async function readFieldRules(rules: Pick<Rules, 'documents'>): Promise<FieldRules> {
  const [document] = await rules.documents('field');
  if (!document) throw new SetupError('rules/field.yaml is missing: it says who is told of what happens in the field.');
  const { value, mistakes } = sheetOf(document, FieldRules);
  if (!value) throw new SetupError('rules/field.yaml is wrong:', mistakes);
  return value;
}
