import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { RuleDocument } from '../../core/context.ts';
import { SetupError } from '../../core/errors.ts';

const Pattern = z
  .string()
  .min(1)
  .transform((source, check) => {
    try {
      return new RegExp(source, 'u');
    } catch (error) {
      check.addIssue({ code: 'custom', message: `is no regular expression: ${(error as Error).message}` });
      return z.NEVER;
    }
  });
const Id = z.string('must be text: write it in quotes').min(1);

/** A document of `rules/calls.yaml`: which labels are orders, of which product, and which accounts are no seats. */
const CallRulesDocument = z.strictObject({
  grades: z.array(z.strictObject({ match: Pattern, product: z.string().min(1) })).min(1),
  seats: z.strictObject({
    exclude: z.strictObject({
      names: z.array(z.string().min(1)),
      ids: z.array(Id),
      match: z.array(Pattern),
    }),
  }),
  records: z.strictObject({ unreadable: z.int().min(0) }).optional(),
  report: z
    .strictObject({ channel: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a channel of channels.yaml') })
    .optional(),
});

/** The rules, ready to be asked. */
export interface CallRules {
  /** Every product that a rule names, in the order of the rules. */
  readonly products: readonly string[];
  /** The product that a call with this label sold; null where it sold none. */
  productOf(grade: string): string | null;
  /** Whether an account that dialled is somebody's seat. */
  isSeat(seat: { id: string | null; name: string | null }): boolean;
  /** So many records of a day may be unreadable and the day is complete all the same. */
  readonly unreadable: number;
  /** The channel that gets the weekly and the monthly report; null: nobody does. */
  readonly reportTo: string | null;
}

let compiled: { text: string; rules: CallRules } | undefined;

/**
 * The rules of all documents together, grade rules in the order of the documents. Compiled once per text.
 * @throws SetupError with every mistake of every document, or where there is none
 */
export function callRules(documents: readonly RuleDocument[]): CallRules {
  const text = documents.map((document) => `${document.file}\n${document.text}`).join('\n');
  if (compiled?.text !== text) compiled = { text, rules: compile(documents) };
  return compiled.rules;
}

function compile(documents: readonly RuleDocument[]): CallRules {
  if (documents.length === 0) {
    throw new SetupError('There are no rules for calls: rules/calls.yaml is missing. Restore it, or write it anew.');
  }
  const mistakes: string[] = [];
  const read = documents.flatMap((document) => {
    const yaml = parseDocument(document.text);
    const syntax = yaml.errors.map((error) => error.message.split('\n')[0] ?? '');
    const checked = syntax.length === 0 ? CallRulesDocument.safeParse(yaml.toJS()) : undefined;
    const schema =
      checked?.error?.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`) ?? [];
    mistakes.push(...[...syntax, ...schema].map((mistake) => `${document.file}: ${mistake}`));
    return checked?.data ?? [];
  });
  if (mistakes.length > 0) throw new SetupError('The rules for calls are wrong. Mend these:', mistakes);

  const grades = read.flatMap((document) => document.grades);
  const names = new Set(read.flatMap((document) => document.seats.exclude.names));
  const ids = new Set(read.flatMap((document) => document.seats.exclude.ids));
  const patterns = read.flatMap((document) => document.seats.exclude.match);
  return {
    unreadable: Math.max(0, ...read.map((document) => document.records?.unreadable ?? 0)),
    reportTo: read.findLast((document) => document.report)?.report?.channel ?? null,
    products: [...new Set(grades.map((rule) => rule.product))],
    productOf(grade) {
      const label = grade.normalize('NFKC').trim();
      return grades.find((rule) => rule.match.test(label))?.product ?? null;
    },
    isSeat({ id, name }) {
      if (id !== null && ids.has(id)) return false;
      return name === null || !(names.has(name) || patterns.some((pattern) => pattern.test(name)));
    },
  };
}
