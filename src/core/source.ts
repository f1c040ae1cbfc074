import type { z } from 'zod';
import type { Context } from './context.ts';
import type { Day } from './time.ts';

/** A row as it came, with the line of the file (the heading is line 1) or its place in the answer. */
export interface RawRow {
  line: number;
  values: Record<string, unknown>;
}

export interface Page {
  rows: RawRow[];
  /** Rows that could not even be read (a broken line), each with its reason. */
  bad?: { line: number; reason: string }[];
}

/** Where rows come from. It fetches; it never keeps. */
export interface Source {
  name: string;
  /** Everything of one answer, in its own order. */
  snapshot(signal: AbortSignal): AsyncIterable<Page>;
}

/** What a save did. `changed` rows were known with other values. */
export interface Saved {
  added: number;
  changed: number;
  unchanged: number;
}

/** What is wanted of a source: how a raw row becomes a row of ours, which rows are the same, and how they are kept. */
export interface Feed<R = unknown> {
  /** `domain.rows`, e.g. `rewards.contracts`. */
  name: string;
  /** The word for `fieldbell import`, e.g. `contracts`. */
  dataset: string;
  row: z.ZodType<R>;
  /** Maps names and cleans values. @throws RowError with the reason for which the row cannot be taken */
  read(raw: RawRow, context: Context): R;
  /** Within one answer the first row of a key wins. */
  key(row: R): string;
  /** @param options.source where the rows came from, e.g. the name of the file; shown with every answer */
  save(
    context: Context,
    rows: R[],
    options: { campaign?: string | undefined; sample?: boolean; source?: string | undefined },
  ): Promise<Saved>;
}

/** Declares a feed with its row type inferred. */
export function feed<R>(declared: Feed<R>): Feed {
  return declared as unknown as Feed;
}

/** What one sync came to. */
export interface SyncReport {
  /** E.g. `{ read, added, changed, unchanged, rejected }`. */
  counts: Record<string, number>;
  completeness: 'complete' | 'partial';
  /** Rows that could not be taken, and whatever else somebody should see to. */
  problems: string[];
}

/** What is wanted of one sync. */
export interface SyncWish {
  /** First and last day, both included; absent: what is due now. */
  days?: { from: Day; to: Day } | undefined;
  trigger: 'job' | 'hand';
  /** Told of what was read so far, now and then. */
  progress?: ((line: string) => void) | undefined;
}

/**
 * Brings a feed up to date from its upstream: what `fieldbell sync FEED` and the jobs run. Doing it again changes nothing.
 */
export interface Sync {
  /** The feed, e.g. `rewards.contracts`. */
  feed: string;
  summary: string;
  /**
   * @throws SetupError where the upstream's settings are not there
   * @throws UpstreamError where it answers wrongly or not at all; what was known stays
   */
  run(context: Context, wish: SyncWish): Promise<SyncReport>;
}
