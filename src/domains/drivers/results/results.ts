import type { Context } from '../../../core/context.ts';
import type { ResultTable } from '../../../core/mysql.ts';
import { addDays, type Day, today } from '../../../core/time.ts';
import type { ResultTables } from '../mapping.ts';
import { type DriverDay, driverDays, figureOf } from '../model.ts';
import { allDeliveriesByDay, knownDays } from '../trend/store.ts';
import { movingAverage } from '../trend/trend.ts';
import { missingSince } from './store.ts';

/** How many days back results are written again: a late correction reaches them. */
const DAYS = 8;

const DAY_COLUMNS = {
  driver_id: 'VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
  day: 'DATE NOT NULL',
  delivered: 'INT NULL',
  failed: 'INT NULL',
  on_time: 'INT NULL',
  moving_average: 'DECIMAL(12,2) NULL',
  written_utc: 'DATETIME NOT NULL',
};
const MISSING_COLUMNS = {
  rule: 'VARCHAR(64) NOT NULL',
  driver_id: 'VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
  found_utc: 'DATETIME(3) NOT NULL',
  dsp: 'VARCHAR(128) CHARACTER SET utf8mb4 NULL',
  since_utc: 'DATETIME(3) NOT NULL',
  ended_utc: 'DATETIME(3) NULL',
  orders: 'INT NOT NULL',
};

function tablesOf(names: ResultTables): { days: ResultTable; missing: ResultTable } {
  return {
    days: { name: names.days, columns: Object.keys(DAY_COLUMNS), key: ['driver_id', 'day'] },
    missing: { name: names.missing, columns: Object.keys(MISSING_COLUMNS), key: ['rule', 'driver_id', 'found_utc'] },
  };
}

/** The SQL that makes the result tables: for whoever keeps the company's database to look at and run. Running it again changes nothing. */
export function migrationSql(names: ResultTables): string {
  const { days, missing } = tablesOf(names);
  return [[days, DAY_COLUMNS] as const, [missing, MISSING_COLUMNS] as const]
    .map(([table, columns]) => {
      const lines = Object.entries(columns).map(([name, type]) => `  \`${name}\` ${type}`);
      const name = table.name
        .split('.')
        .map((part) => `\`${part}\``)
        .join('.');
      const key = table.key.map((column) => `\`${column}\``).join(', ');
      return `CREATE TABLE IF NOT EXISTS ${name} (\n${lines.join(',\n')},\n  PRIMARY KEY (${key})\n);`;
    })
    .join('\n\n');
}

/** Writes the last days of every driver, and what was missing on them. Writing again changes nothing but `written_utc`. */
export async function writeResults(
  { db, clock, sources }: Context,
  names: ResultTables,
): Promise<Record<string, number>> {
  const { mysql } = sources;
  if (!mysql) return { skipped: 1 };
  const tables = tablesOf(names);
  const to = today(clock);
  const from = addDays(to, 1 - DAYS);
  const since = addDays(from, -6);
  const written = stamp(clock.now()).slice(0, 19);
  const [groups, known] = await Promise.all([allDeliveriesByDay(db, since, to), knownDays(db, false, since, to)]);
  const days = [...groups].flatMap(([driverId, own]) =>
    rowsOf(driverDays(since, to, own, known), from).map((row) => [driverId, ...row, written]),
  );
  const missing = (await missingSince(db, new Date(clock.now().getTime() - DAYS * 86_400_000))).map((one) => [
    ...[one.rule, one.driverId, stamp(one.foundAt), one.dsp, stamp(one.since)],
    ...[one.endedAt && stamp(one.endedAt), one.orders],
  ]);
  await mysql.upsert(tables.days, days);
  await mysql.upsert(tables.missing, missing);
  return { days: days.length, missing: missing.length };
}

/** The days from `from` on, with the mean of seven; a day of which nothing is known has no row. */
function rowsOf(days: readonly DriverDay[], from: Day): (string | number | null)[][] {
  const average = movingAverage(days.map(({ tally }) => figureOf(tally, 'deliveries')));
  return days.flatMap(({ day, tally }, at) => {
    const mean = average[at];
    if (day < from || !tally) return [];
    const onTime = tally.onTimeKnown > 0 ? tally.onTime : null;
    return [
      [
        day,
        tally.completed,
        figureOf(tally, 'failed'),
        onTime,
        mean === null || mean === undefined ? null : mean.toFixed(2),
      ],
    ];
  });
}

function stamp(at: Date): string {
  return at.toISOString().slice(0, 23).replace('T', ' ');
}
