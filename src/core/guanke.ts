import type { Day } from './time.ts';

/** By what statistics are broken down. */
export type StatKind = 'account' | 'task' | 'line';

/** Calls of one account, task or line on one day. Rates of the upstream are not trusted and not read. */
export interface StatRow {
  id: string;
  name: string;
  dialled: number;
  connected: number;
  success: number;
}

/** A day's statistics. Pseudo rows (总计, 平均) are not among the rows. */
export interface StatAnswer {
  rows: StatRow[];
  /** The upstream's own sums; where it gives none, the sums of the rows. */
  total: Pick<StatRow, 'dialled' | 'connected' | 'success'>;
  retries: number;
}

/** The answers of one whole reading of a day, by which another one sees that nothing has changed. */
export interface PagesSeen {
  /** What each page was, as a digest of its bytes. */
  digests: readonly string[];
  /** Records as the upstream counted them. */
  expected: number;
}

/** What was read of a day's call records. */
export interface RecordScan<R> {
  /** Each record once, by its id. */
  rows: R[];
  /** Pages of 1,000 that were read and that there are. */
  pages: { read: number; expected: number };
  /** Records as the upstream counts them, at the end. */
  expected: number;
  /** Records that came more than once: pages shift while a day grows. */
  repeated: number;
  retries: number;
  /** Every page is byte for byte what it was: `rows` is empty, because they were not looked into. */
  unchanged?: true;
  /** The answers, where one reading was enough. */
  seen?: PagesSeen;
  /** Why it is not whole; absent: it is. */
  problem?: string;
}

/** A call record as it came: what is wanted of it, by the upstream's names. */
export type RawRecord = Record<string, unknown>;

export interface GuankeWish {
  signal: AbortSignal;
  /** Told of what was read so far, now and then. */
  progress?: ((line: string) => void) | undefined;
  /** What an earlier reading of these records saw. */
  seen?: PagesSeen | undefined;
}

/** Guanke (冠客), the upstream of outbound calls. Its wall times are those of Asia/Shanghai. */
export interface Guanke {
  /** @throws UpstreamError where it does not answer, after some tries; SetupError where the sign-in is refused */
  stat(day: Day, kind: StatKind, wish: GuankeWish): Promise<StatAnswer>;
  /**
   * All call records of a day; of today, those up to now, so that the pages hold still.
   * @param read makes of each record what is kept of it, as it comes: a day has 100,000 of them
   * @throws UpstreamError where not even the first page can be read; SetupError where the sign-in is refused
   */
  records<R>(day: Day, read: (values: RawRecord) => R, wish: GuankeWish): Promise<RecordScan<R>>;
  /** `ok`, or what was wrong with the last answer, of whichever process. */
  health(): Promise<string>;
}
