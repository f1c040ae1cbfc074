import type { Context } from '../../core/context.ts';
import { dayOf, today } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { instantText } from '../../store/sqlite-values.ts';
import { checkMissing, missingNow } from './missing/check.ts';
import { MissingRules } from './missing/rules.ts';
import { driversSync } from './sync.ts';

const DRIVERS = 5_000;
const DSPS = 100;

/** Fills the database with 5,000 drivers of 100 DSPs and 1,000,000 finished orders of the last 30 days. */
export async function fillDrivers({ db, clock }: Pick<Context, 'db' | 'clock'>): Promise<void> {
  await addDrivers(db);
  const now = clock.now().getTime();
  for (let from = 0; from < 1_000_000; from += 20_000) {
    const rows = Array.from({ length: 20_000 }, (_, at) => {
      const n = from + at;
      const ordered = new Date(now - n * 2_592);
      const done = new Date(ordered.getTime() + 35 * 60_000);
      const status = n % 33 === 0 ? 'failed' : 'delivered';
      return [
        n,
        `D-${n % DRIVERS}`,
        dayOf(ordered, clock.zone),
        instantText(ordered),
        instantText(done),
        status,
        n % 11,
      ];
    });
    await db.$executeRawUnsafe(
      `INSERT INTO "Delivery" ("id", "driverId", "orderDay", "orderedAt", "deliveredAt", "status", "onTime", "facts", "sample")
       SELECT 'B-' || (value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, (value ->> 6) > 0, '{}', 0
       FROM json_each(?)`,
      JSON.stringify(rows),
    );
  }
  await upToNow({ db, clock });
}

/** 5,000 drivers on shift, each silent with an order that is open and one that is overdue: two new cases each. */
export async function benchMissing(context: Context): Promise<{ checkMs: number; openMs: number; alerts: number }> {
  const { db, clock } = context;
  await addDrivers(db);
  const at = (minutes: number) => instantText(new Date(clock.now().getTime() - minutes * 60_000));
  await db.$executeRawUnsafe(
    `INSERT INTO "Delivery" ("id", "driverId", "orderDay", "orderedAt", "dueAt", "status", "facts", "sample")
     SELECT 'M-' || value || '/' || o."n", 'D-' || value, ?, ?, CASE o."n" WHEN 0 THEN ? END, 'open', '{}', 0
     FROM json_each(?) JOIN (SELECT 0 AS "n" UNION SELECT 1 UNION SELECT 2) o`,
    today(clock),
    at(180),
    at(90),
    JSON.stringify(Array.from({ length: DRIVERS }, (_, n) => n)),
  );
  await upToNow(context);
  const steps = [{ after: 0, to: 'driver' as const }];
  const rules = MissingRules.parse({
    ...{ shift: { from: '00:00', to: '00:00' }, lead: 'leads', together: 1_000 },
    rules: [
      { name: 'no-scan', noScanMinutes: 45, steps },
      { name: 'no-result', overdueMinutes: 30, steps },
    ],
  });
  let began = performance.now();
  const found = await missingNow(context, rules);
  const checkMs = Math.round(performance.now() - began);
  began = performance.now();
  await checkMissing(context, rules);
  return { checkMs, openMs: Math.round(performance.now() - began), alerts: found.length };
}

async function addDrivers(db: Database): Promise<void> {
  await db.$executeRawUnsafe(
    `INSERT INTO "Driver" ("id", "name", "dsp", "sample")
     SELECT 'D-' || value, '王' || value, 'DSP-' || (value % ${DSPS}), 0 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    JSON.stringify(Array.from({ length: DRIVERS }, (_, n) => n)),
  );
}

async function upToNow({ db, clock }: Pick<Context, 'db' | 'clock'>): Promise<void> {
  const state = { asOf: clock.now(), source: 'MySQL', completeness: 'complete', note: null, rows: 1 };
  const feed = 'drivers.deliveries';
  await db.feedState.upsert({ where: { feed }, create: { feed, ...state }, update: state });
}

/** A read of the mapped tables: all of them the first time, afterwards what has changed. Milliseconds, of the processor too. */
export async function benchSync(context: Context): Promise<{ ms: number; cpuMs: number; read: number }> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const { counts } = await driversSync.run(context, { trigger: 'hand' });
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = Math.round((user + system) / 1000);
  return { ms: Math.round(performance.now() - began), cpuMs, read: counts['read'] ?? 0 };
}
