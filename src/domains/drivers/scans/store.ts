import type { Saved } from '../../../core/source.ts';
import type { Database } from '../../../store/db.ts';
import { instantText } from '../../../store/sqlite-values.ts';
import type { ScanRow } from '../rows.ts';

/** Keeps the last scan of each driver; an older one changes nothing, so that scans may come in any order and again. */
export async function saveScans(db: Database, rows: readonly ScanRow[], sample: boolean): Promise<Saved> {
  const last = new Map<string, ScanRow>();
  for (const row of rows) {
    const known = last.get(row.driverId);
    if (!known || known.at < row.at) last.set(row.driverId, row);
  }
  const given = JSON.stringify(
    [...last.values()].map(({ driverId, at, orderId }) => [driverId, instantText(at), orderId]),
  );
  return db.$transaction(async (tx) => {
    const before = await tx.driverScan.count();
    const written = await tx.$executeRawUnsafe(
      `INSERT INTO "DriverScan" ("driverId", "at", "orderId", "sample")
       SELECT value ->> 0, value ->> 1, value ->> 2, ? FROM json_each(?) WHERE true
       ON CONFLICT ("driverId") DO UPDATE SET "at" = excluded."at", "orderId" = excluded."orderId", "sample" = excluded."sample"
       WHERE "DriverScan"."at" < excluded."at" OR ("DriverScan"."sample" AND NOT excluded."sample")`,
      sample,
      given,
    );
    const added = (await tx.driverScan.count()) - before;
    return { added, changed: written - added, unchanged: rows.length - written };
  });
}
