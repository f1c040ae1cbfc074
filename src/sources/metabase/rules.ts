import { z } from 'zod';
import type { RuleDocument } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';
import { sheetOf } from '../../core/sheet.ts';

const Text = z.string().min(1);

/** A parameter of a card, as Metabase's API takes it. */
const Parameter = z
  .strictObject({
    /** The variable's name in the card's SQL: `{{from}}` → `from`. */
    tag: Text,
    type: z.string().regex(/^(date|number|string|category|id|text)(\/.+)?$/, 'a type of Metabase, e.g. date/single'),
    /** `{from}` and `{to}` stand for the first and the last day that are asked for. */
    value: z.union([Text, z.number()]),
    /** The tag is a field filter rather than a plain variable. */
    filter: z.boolean().default(false),
  })
  .refine(({ value }) => !/\{(?!from\}|to\})/.test(String(value)), {
    path: ['value'],
    message: 'only {from} and {to} can stand for something',
  });

const Card = z.strictObject({
  card: z.int().positive(),
  /** For whoever reads the file. */
  title: z.string().optional(),
  /** The rows belong to this campaign, wherever and whenever they were signed. */
  campaign: Text.optional(),
  parameters: z.array(Parameter).default([]),
  /** Our column ← the card's columns that may hold it; the first that is not blank counts. */
  aliases: z.record(Text, z.union([Text, z.array(Text).min(1)])).default({}),
  /** What the card does not say and is so for all its rows. */
  constants: z.record(Text, z.union([z.string(), z.number()])).default({}),
});
export type Card = z.output<typeof Card>;
export type Parameter = z.output<typeof Parameter>;

const Document = z.strictObject({
  feeds: z.record(
    z.string().regex(/^[a-z]+\.[a-zA-Z][a-zA-Z-]*$/, 'the name of a feed, e.g. rewards.contracts'),
    z.array(Card).min(1),
  ),
});

/**
 * The cards that feed a feed.
 * @throws SetupError where the document is wrong (each mistake with its line), missing, or names none
 */
export function cardsOf(documents: readonly RuleDocument[], feed: string): Card[] {
  const sheets = documents.map((document) => sheetOf(document, Document));
  const mistakes = sheets.flatMap((sheet) => sheet.mistakes);
  if (mistakes.length > 0) throw new SetupError('rules/metabase.yaml is wrong:', mistakes);
  const cards = sheets.flatMap((sheet) => sheet.value?.feeds[feed] ?? []);
  if (cards.length > 0) return cards;
  throw new SetupError(`no card feeds ${feed}: name its number in rules/metabase.yaml, below feeds: ${feed}:`);
}

/** Whether a card is asked for days. */
export function hasDays({ parameters }: Card): boolean {
  return parameters.some(({ value }) => /\{(from|to)\}/.test(String(value)));
}
