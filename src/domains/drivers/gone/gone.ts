import type { Context } from '../../../core/context.ts';
import type { Mysql, TableWish } from '../../../core/mysql.ts';
import type { SyncReport, SyncWish } from '../../../core/source.ts';
import { addDays, today } from '../../../core/time.ts';
import { readSetting, writeSetting } from '../../../store/settings.ts';
import { ordersFromMysql, withdraw } from './store.ts';

/** So many days are looked through, today's included, once an hour; those that are asked for at once. */
const DAYS = 3;
const EVERY = 3_600_000;
/** A day of which a larger part is gone was moved or emptied by mistake: nothing is changed. */
const MOST_PART = 0.5;
/** Fewer orders than these may well all be gone. */
const FEW = 5;
const SETTING = 'drivers.read/present';

/**
 * Orders that were read and are gone from their table, or that the mapping's `where` does not let through any more: no
 * later change tells of them. They become `withdrawn` and count nowhere; one that is read again is as it was.
 * @param column of the table, that holds the numbers of the orders
 */
export async function withdrawGone(
  context: Context,
  mysql: Mysql,
  table: TableWish,
  { column, wish, report }: { column: string; wish: SyncWish; report: SyncReport },
): Promise<void> {
  const { db, clock, outbox, words } = context;
  const now = clock.now().getTime();
  if (!wish.days && now - Number((await readSetting(db, SETTING)) ?? 0) < EVERY) return;
  const last = today(clock);
  const days = await ordersFromMysql(db, wish.days ?? { from: addDays(last, 1 - DAYS), to: addDays(last, 1) });
  const present = await mysql.present(table, column, [...days.values()].flat());
  await writeSetting(db, SETTING, String(now));
  if (!present) {
    context.log.warn(
      { table: table.table, column },
      'no index begins with the order number: orders that are gone stay',
    );
    return;
  }
  for (const [day, ids] of days) {
    const gone = ids.filter((id) => !present.has(id));
    if (gone.length === 0) continue;
    if (ids.length >= FEW && gone.length > ids.length * MOST_PART) {
      const facts = { day, gone: String(gone.length), known: String(ids.length) };
      report.problems.push(
        `orders: ${facts.gone} of the ${facts.known} orders of ${day} are gone: nothing was changed`,
      );
      await outbox.post({
        key: `drivers/gone/${day}/${last}`,
        to: 'channel:admins',
        class: 'notice',
        message: (lang) => {
          const { title, text } = words.say('drivers/gone', lang, facts);
          return { title, tone: 'warn', blocks: [{ type: 'text', text }], lang };
        },
      });
      continue;
    }
    await withdraw(db, gone);
    report.counts['withdrawn'] = (report.counts['withdrawn'] ?? 0) + gone.length;
  }
}
