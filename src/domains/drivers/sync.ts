import { createHash } from 'node:crypto';
import type { Context } from '../../core/context.ts';
import { messageOf, RowError, SetupError } from '../../core/errors.ts';
import type { Mysql, TableCursor, TableWish } from '../../core/mysql.ts';
import type { Feed, Sync, SyncReport, SyncWish } from '../../core/source.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { deliveriesFeed } from './feed.ts';
import { withdrawGone } from './gone/gone.ts';
import { type DatabaseMapping, driverRules, TABLES, type TableMapping, type TableName } from './mapping.ts';
import { driversFeed } from './people-feed.ts';
import { picturesFeed } from './pod/feed.ts';
import { scansFeed } from './scans/feed.ts';
import { deliveriesRead } from './store.ts';
import { rowReader } from './table-rows.ts';

const FEEDS: Record<(typeof TABLES)[number], Feed> = {
  drivers: driversFeed as unknown as Feed,
  orders: deliveriesFeed as unknown as Feed,
  scans: scansFeed as unknown as Feed,
  pictures: picturesFeed as unknown as Feed,
};

/** A run of the job reads for so long, then goes on with the next run. Milliseconds. */
const BUDGET = 5 * 60_000;
const SHOWN_PROBLEMS = 20;

/** How far a table was read; `whole`: to its end. `mapping`: by which mapping, as a hash. */
interface Progress {
  after: TableCursor;
  whole: boolean;
  mapping: string;
}

/** Drivers, orders, scans and pictures from the company's MySQL, as `rules/drivers.yaml` maps them; what changed since. */
export const driversSync: Sync = {
  feed: 'drivers.deliveries',
  summary: 'Drivers, orders, scans and pictures from MySQL that changed since the last time; --from: since that day',
  async run(context, wish) {
    const { mysql } = context.sources;
    if (!mysql) throw new SetupError('MySQL is off: set MYSQL_URL');
    const { value, file, lineOf } = await driverRules(context);
    const mapping = value.database;
    if (!mapping) throw new SetupError(`${file} maps no table: name them below database:`);
    const began = context.clock.now();
    const report: SyncReport = {
      counts: { read: 0, added: 0, changed: 0, unchanged: 0, rejected: 0 },
      completeness: 'complete',
      problems: [],
    };
    try {
      const dsps = await namesOfDsps(context, mysql, mapping);
      for (const table of TABLES) {
        if (!mapping[table]) continue;
        await readTable({ context, mysql, mapping, dsps, wish, report, began }, table).catch((error: unknown) => {
          if (!(error instanceof SetupError)) throw error;
          throw new SetupError(`${file}:${lineOf(['database', table])} ${error.message}`);
        });
      }
      if (mapping.orders) await withdrawFrom({ context, mysql, wish, report }, mapping.orders);
    } catch (error) {
      await deliveriesRead(context.db, { failed: messageOf(error).split('\n', 1)[0] ?? '' });
      throw error;
    }
    if (report.problems.length > 0) report.completeness = 'partial';
    await deliveriesRead(context.db, { at: began, complete: report.completeness === 'complete' });
    return report;
  },
};

function withdrawFrom(
  { context, mysql, wish, report }: Pick<Reading, 'context' | 'mysql' | 'wish' | 'report'>,
  orders: NonNullable<DatabaseMapping['orders']>,
): Promise<void> {
  const column = orders.columns.id ?? orders.id;
  return withdrawGone(context, mysql, wishFor(orders, [column], context.signal), { column, wish, report });
}

interface Reading {
  context: Context;
  mysql: Mysql;
  mapping: DatabaseMapping;
  dsps: ReadonlyMap<string, string>;
  wish: SyncWish;
  report: SyncReport;
  began: Date;
}

async function readTable(reading: Reading, name: (typeof TABLES)[number]): Promise<void> {
  const { context, mysql, mapping, wish, report, began } = reading;
  const table = mapping[name] as TableMapping;
  const { zone } = context.clock;
  const reader = rowReader(table, { theirs: mapping.zone ?? zone, house: zone });
  // Drivers are few, and their table often does not say when a row changed.
  const setting = name === 'drivers' ? null : `drivers.read/${name}`;
  const signature = createHash('sha256')
    .update(JSON.stringify([table, mapping.zone]))
    .digest('hex')
    .slice(0, 16);
  const known = setting ? progressOf(await readSetting(context.db, setting), signature) : undefined;
  const start = startOf(wish, table, known);
  const pages = mysql.pages({
    ...wishFor(table, reader.columns, context.signal),
    after: start,
    overlap: known?.whole ? mapping.overlapSeconds : 0,
  });
  let line = 0;
  for await (const page of pages) {
    const raw = page.rows.map((row) => reader.read(row, ++line));
    await take(reading, FEEDS[name], name, raw);
    const budget = wish.trigger === 'job' && context.clock.now().getTime() - began.getTime() > BUDGET;
    const whole = page.last;
    if (setting && page.cursor) {
      const progress: Progress = { after: page.cursor, whole, mapping: signature };
      await writeSetting(context.db, setting, JSON.stringify(progress));
    }
    wish.progress?.(`${name}: ${line} rows`);
    if (budget && !whole) {
      report.completeness = 'partial';
      report.problems.push(`${name}: the time was up after ${line} rows; the next run goes on there`);
      return;
    }
  }
}

/** Where to begin: where the last read ended, or before the first day that is asked for. */
function startOf({ days }: SyncWish, table: TableMapping, known: Progress | undefined): TableCursor | undefined {
  if (!days || !('updatedAt' in table && table.updatedAt)) return known?.after;
  const before = new Date(new Date(`${days.from}T00:00:00Z`).getTime() - 86_400_000);
  return { updatedAt: before.toISOString().slice(0, 19).replace('T', ' '), id: '' };
}

function progressOf(text: string | null, mapping: string): Progress | undefined {
  const progress = text === null ? undefined : (JSON.parse(text) as Progress);
  return progress?.mapping === mapping ? progress : undefined;
}

function wishFor(table: TableMapping, columns: readonly string[], signal: AbortSignal): TableWish {
  const updatedAt = 'updatedAt' in table ? table.updatedAt : undefined;
  return { table: table.table, columns, id: table.id, updatedAt, where: table.where, signal };
}

/** Keeps the rows that can be read and tells of the others. An order that nobody has yet is nobody's fault. */
async function take(
  { context, dsps, report }: Reading,
  feed: Feed,
  name: TableName,
  raw: readonly ReturnType<ReturnType<typeof rowReader>['read']>[],
): Promise<void> {
  const { counts, problems } = report;
  const count = (key: string, more: number) => {
    counts[key] = (counts[key] ?? 0) + more;
  };
  const rows: unknown[] = [];
  for (const one of raw) {
    const { values } = one;
    if (name === 'orders' && values['driverId'] === undefined) {
      count('unassigned', 1);
      continue;
    }
    if (name === 'drivers') values['dsp'] = dsps.get(String(values['dsp'])) ?? values['dsp'];
    try {
      rows.push(feed.read(one, context));
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      count('rejected', 1);
      if (problems.length < SHOWN_PROBLEMS) problems.push(`${name} ${String(values['id'])}: ${error.message}`);
    }
  }
  const saved = await feed.save(context, rows, { source: 'MySQL' });
  for (const [key, value] of Object.entries(saved)) count(key, value);
  count('read', raw.length);
}

async function namesOfDsps(context: Context, mysql: Mysql, { dsps }: DatabaseMapping): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  if (!dsps) return names;
  for await (const { rows } of mysql.pages(wishFor(dsps, [dsps.id, dsps.columns.name], context.signal))) {
    for (const row of rows) {
      const [id, name] = [row[dsps.id], row[dsps.columns.name]];
      if (id && name?.trim()) names.set(id, name.trim());
    }
  }
  return names;
}
