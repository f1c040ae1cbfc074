import { messageOf, SetupError } from '../../core/errors.ts';
import type { PagesSeen, RawRecord, RecordScan } from '../../core/guanke.ts';
import { Unwell } from '../patience.ts';
import type { Envelope } from './wire.ts';

/** More rows than this a page does not give: asked for more, it answers none, without an error. */
export const PAGE_ROWS = 1_000;
/** After this many pages that could not be read the others are not tried. */
const GIVE_UP_AFTER = 3;
/** How often all pages are read again while records are missing. */
const ROUNDS = 3;

/** One page as it came. */
export interface RecordPage {
  rows: readonly RawRecord[];
  totalCount: number;
}

/** An answer, and what is in it. One that is known is looked into only when somebody asks. */
export interface AnsweredPage {
  digest: string;
  known: boolean;
  content(): RecordPage;
}

/**
 * Reads all pages, several at once. Pages shift while records are added: each record is taken once, `totalCount` is
 * taken from the newest answer, and all is read again until as many different records are there as it says. Where a
 * second round finds nothing new, the upstream counts some of them twice, and what was read is whole.
 *
 * Where every answer of the first round is the very one that an earlier reading saw, none is looked into.
 * @param page gives one page (from 1), with its own tries
 * @param read makes of a record what is kept of it
 * @throws what the first page throws
 */
export async function scanPages<R>(
  page: (number: number, known?: string) => Promise<AnsweredPage>,
  read: (values: RawRecord) => R,
  { seen, progress }: { seen?: PagesSeen | undefined; progress(read: number, expected: number): void },
): Promise<Omit<RecordScan<R>, 'retries'>> {
  const found = new Map<string, R>();
  let expected = 0;
  /** What the first answer said. */
  let first = -1;
  let repeated = 0;
  /** Known answers, until one comes that is not. */
  let held: Map<number, AnsweredPage> | null = seen ? new Map() : null;
  let digests: string[] = [];

  /** @returns the rows that came, repeated ones too, and the pages that could not be read */
  async function round(): Promise<{ came: number; read: number; pages: number; failures: unknown[] }> {
    const failures: unknown[] = [];
    const ids = new Set<string>();
    let came = 0;
    let pagesRead = 0;
    const take = async (number: number): Promise<void> => {
      if (failures.length >= GIVE_UP_AFTER) return;
      try {
        const answered = await page(number, held ? seen?.digests[number - 1] : undefined);
        pagesRead++;
        digests[number - 1] = answered.digest;
        if (held && answered.known) {
          held.set(number, answered);
          expected = seen?.expected ?? 0;
          progress(Math.min(expected, held.size * PAGE_ROWS), expected);
          return;
        }
        release();
        look(number, answered.content());
      } catch (error) {
        if (number === 1 || error instanceof SetupError) throw error;
        failures.push(error);
      }
    };
    const look = (number: number, { rows, totalCount }: RecordPage): void => {
      expected = totalCount;
      if (first < 0) first = totalCount;
      came += rows.length;
      for (const [at, row] of rows.entries()) {
        const id = String(row['id'] ?? `row ${at} of page ${number}`);
        ids.add(id);
        // The newest answer counts: a label may have been changed meanwhile.
        found.set(id, read(row));
      }
      progress(found.size, expected);
    };
    const release = (): void => {
      const known = held ?? [];
      held = null;
      for (const [number, answered] of known) look(number, answered.content());
    };
    digests = [];
    await take(1);
    let asked = 1;
    // It may have grown by pages meanwhile.
    while (asked < pagesOf(expected)) {
      const numbers = Array.from({ length: pagesOf(expected) - asked }, (_, at) => asked + 1 + at);
      asked += numbers.length;
      await Promise.all(numbers.map(take));
    }
    if (failures.length > 0 || asked !== seen?.digests.length) release();
    repeated = came - ids.size;
    return { came, read: pagesRead, pages: asked, failures };
  }

  const scan = (pagesRead: number, pages: number, problem?: string): Omit<RecordScan<R>, 'retries'> => ({
    rows: [...found.values()],
    pages: { read: pagesRead, expected: pages },
    expected: Math.max(expected, problem ? 0 : found.size),
    repeated,
    ...(problem && { problem }),
  });

  let before = -1;
  for (let number = 1; ; number++) {
    const { came, read: pagesRead, pages, failures } = await round();
    if (failures.length > 0) {
      return scan(
        pagesRead,
        pages,
        `${pages - pagesRead} of ${pages} pages could not be read: ${messageOf(failures[0])}`,
      );
    }
    if (held) return { ...scan(pagesRead, pages), unchanged: true };
    if (found.size >= expected) {
      return { ...scan(pagesRead, pages), ...(number === 1 && { seen: { digests, expected } }) };
    }
    if (came >= expected && found.size === before) return scan(pagesRead, pages);
    // It grows faster than it is read: what was there at the beginning is.
    if (number > 1 && expected > first && found.size >= first) return scan(pagesRead, pages);
    before = found.size;
    if (number === ROUNDS) {
      return scan(pagesRead, pages, `${found.size} records were given of ${expected}, also when asked ${ROUNDS} times`);
    }
  }
}

function pagesOf(records: number): number {
  return Math.max(1, Math.ceil(records / PAGE_ROWS));
}

/** @throws Unwell where it is no page of records */
export function pageFrom({ data, digest = '' }: Envelope): AnsweredPage {
  if (typeof data === 'function') return { digest, known: true, content: () => readPage(data()) };
  const page = readPage(data);
  return { digest, known: false, content: () => page };
}

function readPage(data: unknown): RecordPage {
  const { data: rows, totalCount } = (data ?? {}) as { data?: unknown; totalCount?: unknown };
  const total = Number(totalCount ?? Number.NaN);
  const list = rows ?? [];
  if (!Array.isArray(list) || !Number.isInteger(total) || total < 0) throw new Unwell('no page of call records');
  return { rows: list.map(slim), totalCount: total };
}

/** What is wanted of a record. A day has 100,000 of them; numbers of people, recordings and scripts are let go at once. */
const WANTED = 'id taskId TaskName userId deviceName callTime duration callState isCall hangupReason grade'.split(' ');

function slim(row: RawRecord): RawRecord {
  const kept: RawRecord = {};
  for (const name of WANTED) if (row[name] !== undefined) kept[name] = row[name];
  return kept;
}
