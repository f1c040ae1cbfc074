import type { Rules } from '../core/context.ts';
import { type Lang, pick } from '../core/message.ts';
import { restOf, schemeOf } from '../core/platform.ts';
import type { KeptMessage } from '../runtime/console/log.ts';
import type { ConsoleRow } from '../runtime/console/store.ts';
import type { Person } from '../runtime/people/people.ts';
import type { ConsoleRoom } from './console-wire.ts';

/** What a person sees in the web chat: a direct chat of his own, and the groups of `channels.yaml`. */
export function roomsOf(person: Person, rules: Rules, lang: Lang): ConsoleRoom[] {
  const groups = rules
    .channels()
    .filter(({ address }) => schemeOf(address) === 'console' && !restOf(address).startsWith('@'))
    .map(({ address, title, name }): ConsoleRoom => ({ id: restOf(address), name: title ?? name, kind: 'group' }));
  const hint = pick(lang, '只有你能看到', 'seen by you alone');
  return [{ id: `@${person.id}`, name: 'Fieldbell', kind: 'direct', hint }, ...groups];
}

/** The newest line of a room, for the list. */
export function lastLine(row: ConsoleRow | null): Pick<ConsoleRoom, 'last'> {
  if (!row) return {};
  const kept = row.message ? (JSON.parse(row.message) as KeptMessage) : undefined;
  const firstText = kept?.blocks.find((block) => block.type === 'text');
  const text = row.text ?? kept?.title ?? (firstText?.type === 'text' ? firstText.text : '');
  return { last: { text: text.split('\n')[0] ?? '', at: row.at.toISOString() } };
}
