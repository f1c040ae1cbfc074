import { UpstreamError } from './errors.ts';
import type { Day } from './time.ts';

/** What a feed wants of a Metabase. */
export interface CardWish {
  /** First and last day, both included; needed where a card of the feed has parameters of days. */
  days?: { from: Day; to: Day } | undefined;
  signal: AbortSignal;
  /** Told of what was read so far, now and then. */
  progress?: ((line: string) => void) | undefined;
}

/**
 * All rows of one card, in its own order. A row's values stand under the name of the column, under the heading that
 * people see, and under the aliases of `rules/metabase.yaml`; numbers that a double cannot hold (19-digit ids) are text.
 */
export interface CardAnswer {
  card: number;
  /** The campaign to which the rules assign the card's rows. */
  campaign: string | undefined;
  /** The days that the answer covers; absent: the card decides by itself what it covers. */
  days: { from: Day; to: Day } | undefined;
  /** Names of the columns. */
  columns: readonly string[];
  rows: readonly { line: number; values: Record<string, unknown> }[];
  /** What somebody should know, e.g. that the answer was cut and had to be asked for in another way. */
  notes: readonly string[];
}

/** A Metabase: saved questions (cards), which feed what `rules/metabase.yaml` says. */
export interface Metabase {
  /**
   * The whole answers of all cards of a feed. Never a part: whatever goes wrong on the way is an error.
   * @throws SetupError where `rules/metabase.yaml` is wrong or names no card for the feed, or the sign-in is refused
   * @throws UpstreamError where Metabase answers wrongly, partly or not at all, after some tries
   */
  answers(feed: string, wish: CardWish): Promise<CardAnswer[]>;
  /** `ok`, or what was wrong with the last answer, of whichever process. */
  health(): Promise<string>;
}

/**
 * Rows that are all unreadable are a card of another shape, not bad rows.
 * @param problems what is wrong with each row that could not be read
 * @throws UpstreamError where that is every row
 */
export function requireReadable({ card, rows }: CardAnswer, problems: readonly string[]): void {
  if (rows.length === 0 || problems.length < rows.length) return;
  throw new UpstreamError(
    `card ${card}: none of its ${rows.length} rows can be read, nothing was changed (${problems[0]}). ` +
      'If its columns have other names now, say so in rules/metabase.yaml (aliases)',
  );
}
