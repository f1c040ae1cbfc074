import { z } from 'zod';
import type { RuleDocument } from '../../core/context.ts';
import { sheetOf } from '../../core/sheet.ts';
import type { Day } from '../../core/time.ts';

const text = z.string().trim().min(1);
const day = z.iso.date('must be a day such as 2025-10-01');

/** `rules/badges.yaml`: marks that persons bear, with the days on which each one bore them. */
const BadgesDocument = z.strictObject({
  badges: z.record(
    text,
    z.strictObject({
      title: text.describe('Shown to people.'),
      mark: z.string().describe('Stands before the name, e.g. an emblem; may be empty.'),
      holders: z.array(
        z.strictObject({
          person: text.describe('管家ID; the name where the source gives no id.'),
          from: day,
          to: day.optional().describe('Last day; left out: until further notice.'),
        }),
      ),
    }),
  ),
});

/** Somebody who bears a badge from a day, to a day or until further notice. */
export interface BadgeHolder {
  person: string;
  from: Day;
  to: Day | null;
}

/** A mark at persons' names, and who bears it when. */
export interface KnownBadge {
  title: string;
  mark: string;
  holders: readonly BadgeHolder[];
}

/** A badge as a campaign shows it. */
export interface Badge extends KnownBadge {
  name: string;
  /** Tiers pay twice. */
  doublesTiers: boolean;
}

/** Reads the badges; every mistake with its file and line. */
export function badgesFrom(documents: readonly RuleDocument[]): {
  badges: ReadonlyMap<string, KnownBadge>;
  mistakes: string[];
} {
  const sheets = documents.map((document) => sheetOf(document, BadgesDocument));
  const entries = sheets.flatMap(({ value }) => Object.entries(value?.badges ?? {}));
  const badges = entries.map(([name, { title, mark, holders }]): [string, KnownBadge] => [
    name,
    { title, mark, holders: holders.map(({ person, from, to = null }) => ({ person, from, to })) },
  ]);
  return { badges: new Map(badges), mistakes: sheets.flatMap(({ mistakes }) => mistakes) };
}
