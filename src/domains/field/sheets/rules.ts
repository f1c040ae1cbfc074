import { z } from 'zod';
import type { Rules } from '../../../core/context.ts';
import { SetupError } from '../../../core/errors.ts';
import { sheetOf } from '../../../core/sheet.ts';

const Field = z.strictObject({
  /** The field's id in the table. */
  id: z.string().min(1),
  label: z.string().min(1),
  /** The column of the source, by name or heading; the first of several that is not blank. */
  from: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  type: z.enum(['text', 'number', 'date', 'multi']).default('text'),
});
export type Field = z.output<typeof Field>;

const SheetRule = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
    title: z.string().min(1),
    webhook: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'the name of the variable that holds the key'),
    /** Labels of the fields that say which row it is. */
    key: z.array(z.string().min(1)).min(1),
    /** Known rows whose other values changed are written again. */
    update: z.boolean().default(false),
    fields: z.array(Field).min(1),
  })
  .refine(({ key, fields }) => key.every((label) => fields.some((field) => field.label === label)), {
    path: ['key'],
    message: 'each part of the key is the label of a field',
  });
export type SheetRule = z.output<typeof SheetRule>;

const Sheets = z.strictObject({ sheets: z.array(SheetRule) });

/** Reads `rules/sheets.yaml`. @throws SetupError naming the file and line of every mistake */
export async function readSheetRules(rules: Pick<Rules, 'documents'>): Promise<SheetRule[]> {
  const [document] = await rules.documents('sheets');
  if (!document) return [];
  const { file, value, mistakes } = sheetOf(document, Sheets);
  if (!value) throw new SetupError(`${file} is wrong:`, mistakes);
  return value.sheets;
}
