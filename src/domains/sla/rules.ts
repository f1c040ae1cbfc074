import { z } from 'zod';
import type { RuleDocument, Rules } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';
import { sheetOf } from '../../core/sheet.ts';
import { type ComputedLevel, Levels, levelMistakes, openLevels } from './levels/rules.ts';
import { Step, TimeOfDay } from './rule-words.ts';

const Channel = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a channel of channels.yaml');

const SlaRules = z.strictObject({
  notice: z.array(Step).min(1),
  appeals: z.strictObject({ daily: TimeOfDay, weekly: TimeOfDay }),
  ranking: z.strictObject({ channel: Channel }),
  ...Levels,
});
export type SlaRules = z.output<typeof SlaRules>;

/** Reads `rules/sla.yaml`. @throws SetupError naming the file and line of every mistake */
export async function readSlaRules(rules: Pick<Rules, 'documents'>): Promise<SlaRules> {
  const [document] = await rules.documents('sla');
  if (!document) throw new SetupError('rules/sla.yaml is missing: it says how violations are told.');
  const { file, value, mistakes, lineOf } = sheetOf(document, SlaRules);
  const more = value ? levelMistakes(value, { file, lineOf }) : [];
  if (!value || more.length > 0) throw new SetupError(`${file} is wrong:`, [...mistakes, ...more]);
  return value;
}

/** The levels of a document in which there may be nothing else. @throws SetupError naming the line of every mistake */
export function levelsFrom([document]: readonly RuleDocument[], zone: string): ComputedLevel[] {
  if (!document) throw new SetupError('rules/sla.yaml is missing: it has the levels.');
  const alone = SlaRules.partial({ notice: true, appeals: true, ranking: true });
  const { file, value, mistakes, lineOf } = sheetOf(document, alone);
  const more = value ? levelMistakes(value, { file, lineOf }) : [];
  if (!value || more.length > 0) throw new SetupError(`${file} is wrong:`, [...mistakes, ...more]);
  return openLevels(value, zone);
}
