import type { Context } from '../core/context.ts';
import { RowError } from '../core/errors.ts';
import type { Feed, Saved, Source } from '../core/source.ts';

/** What one answer of a source came to. Every row read is counted once. */
export interface SyncResult extends Saved {
  read: number;
  /** Rows whose key stood earlier in the same answer: the first one counts. */
  repeated: number;
  rejected: { line: number; reason: string }[];
}

/**
 * Takes everything that a source answers into a feed. Bad rows are told with their line and the good ones kept; doing it
 * again changes nothing, so that an interrupted run is simply run again.
 * @param options.progress called now and then with the rows read so far
 */
export async function sync(
  context: Context,
  feed: Feed,
  source: Source,
  options: { campaign?: string | undefined; progress?: (read: number) => void } = {},
): Promise<SyncResult> {
  const result: SyncResult = { read: 0, added: 0, changed: 0, unchanged: 0, repeated: 0, rejected: [] };
  const seen = new Set<string>();
  for await (const page of source.snapshot(context.signal)) {
    const rows: unknown[] = [];
    for (const bad of page.bad ?? []) result.rejected.push(bad);
    for (const raw of page.rows) {
      try {
        const row = feed.read(raw, context);
        const key = feed.key(row);
        if (seen.has(key)) result.repeated++;
        else rows.push(row);
        seen.add(key);
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        result.rejected.push({ line: raw.line, reason: error.message });
      }
    }
    const saved = await feed.save(context, rows, { campaign: options.campaign, source: source.name });
    result.added += saved.added;
    result.changed += saved.changed;
    result.unchanged += saved.unchanged;
    result.read += page.rows.length + (page.bad?.length ?? 0);
    options.progress?.(result.read);
  }
  result.rejected.sort((a, b) => a.line - b.line);
  return result;
}
