import type { Context } from '../../core/context.ts';
import type { SyncReport } from '../../core/source.ts';
import { localMinute, today } from '../../core/time.ts';
import type { OverdueContact } from './model.ts';
import { readContact } from './rows.ts';
import { readFieldRules } from './rules.ts';
import { readAll } from './sync.ts';

/** Orders of one list. */
const LINES = 50;

/** The overdue first contacts as Metabase has them now; they are told and not kept. */
export function readContacts(context: Context): Promise<{ rows: OverdueContact[]; report: SyncReport }> {
  return readAll(context, 'field.contacts', readContact);
}

/** 联系超时: the list of overdue first contacts, the longest first; once a day. */
export async function tellContacts(context: Context, contacts: readonly OverdueContact[]): Promise<number> {
  if (contacts.length === 0) return 0;
  const { words, clock, outbox, rules } = context;
  const { channel } = (await readFieldRules(rules)).contacts;
  const now = clock.now().getTime();
  const rows = contacts.toSorted((a, b) => a.assignedAt.getTime() - b.assignedAt.getTime());
  const said = words.say('field/contacts', 'zh', {
    count: String(rows.length),
    longest: waited(now - (rows[0]?.assignedAt.getTime() ?? now)),
    hasMore: rows.length > LINES,
    more: String(rows.length - LINES),
  });
  const posted = await outbox.post({
    key: `field/contacts/${today(clock)}`,
    to: `channel:${channel}`,
    class: 'broadcast',
    message: {
      title: said.title,
      tone: 'warn',
      lang: 'zh',
      blocks: [
        ...(said.text ? [{ type: 'text' as const, text: said.text }] : []),
        {
          type: 'table',
          columns: [{ label: '工单' }, { label: '管家' }, { label: '派单' }, { label: '已过', align: 'right' }],
          rows: rows
            .slice(0, LINES)
            .map((one) => [
              one.orderNum,
              one.housekeeper ?? '-',
              localMinute(one.assignedAt, clock.zone).slice(5),
              waited(now - one.assignedAt.getTime()),
            ]),
        },
      ],
    },
  });
  return posted === 'queued' ? 1 : 0;
}

/** 2 天 3 小时 */
function waited(ms: number): string {
  const hours = Math.max(0, Math.floor(ms / 3_600_000));
  return hours >= 24 ? `${Math.floor(hours / 24)} 天 ${hours % 24} 小时` : `${hours} 小时`;
}
