import type { Context } from '../../core/context.ts';
import { type Lang, pick } from '../../core/message.ts';
import type { SyncReport } from '../../core/source.ts';
import { localMinute, today } from '../../core/time.ts';
import type { OverdueContact } from './model.ts';
import { readContact } from './rows.ts';
import { readFieldRules } from './rules.ts';
import { readAll } from './sync.ts';
import { worded } from './words.ts';

/** Orders of one list. */
const LINES = 50;

/** The overdue first contacts as Metabase has them now; they are told and not kept. */
export function readContacts(context: Context): Promise<{ rows: OverdueContact[]; report: SyncReport }> {
  return readAll(context, 'field.contacts', readContact);
}

/** 联系超时: the list of overdue first contacts, the longest first; once a day. */
export async function tellContacts(context: Context, contacts: readonly OverdueContact[]): Promise<number> {
  if (contacts.length === 0) return 0;
  const { clock, outbox, rules } = context;
  const { channel } = (await readFieldRules(rules)).contacts;
  const now = clock.now().getTime();
  const rows = contacts.toSorted((a, b) => a.assignedAt.getTime() - b.assignedAt.getTime());
  const longest = now - (rows[0]?.assignedAt.getTime() ?? now);
  const posted = await outbox.post({
    key: `field/contacts/${today(clock)}`,
    to: `channel:${channel}`,
    class: 'broadcast',
    message: worded(
      'contacts',
      'warn',
      context,
      (lang) => ({
        count: String(rows.length),
        longest: waited(longest, lang),
        hasMore: rows.length > LINES,
        more: String(rows.length - LINES),
      }),
      (lang) => [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '工单', 'Order') },
            { label: pick(lang, '管家', 'Housekeeper') },
            { label: pick(lang, '派单', 'Assigned') },
            { label: pick(lang, '已过', 'Waited'), align: 'right' },
          ],
          rows: rows
            .slice(0, LINES)
            .map((one) => [
              one.orderNum,
              one.housekeeper ?? '-',
              localMinute(one.assignedAt, clock.zone).slice(5),
              waited(now - one.assignedAt.getTime(), lang),
            ]),
        },
      ],
    ),
  });
  return posted === 'queued' ? 1 : 0;
}

/** 2 天 3 小时 */
function waited(ms: number, lang: Lang): string {
  const hours = Math.max(0, Math.floor(ms / 3_600_000));
  const [days, rest] = [Math.floor(hours / 24), hours % 24];
  if (days === 0) return pick(lang, `${hours} 小时`, `${hours} h`);
  return pick(lang, `${days} 天 ${rest} 小时`, `${days} d ${rest} h`);
}
