import { type Button, type Lang, Message, type MessageDraft, pick, type Worded } from '../../core/message.ts';
import { schemeOf } from '../../core/platform.ts';
import { clockTime, dayOf, localMinute } from '../../core/time.ts';
import type { AlertRow, NewEvent } from './store.ts';

/** An alert's words as they are kept: one message, or one in each language. */
export function keptWords(message: Worded): string {
  if (typeof message !== 'function') return JSON.stringify(Message.parse(message));
  return JSON.stringify({ zh: Message.parse(message('zh')), en: Message.parse(message('en')) });
}

/** What an alert says, in a language where it has several. */
export function wordsOf(alert: Pick<AlertRow, 'message'>, lang: Lang): Message {
  const kept = JSON.parse(alert.message) as Message | Record<Lang, Message>;
  return Message.parse('zh' in kept ? kept[lang] : kept);
}

/** The buttons under an alert: a group is offered to take it, a person who has it already is not. */
function buttonsOf(alert: Pick<AlertRow, 'id' | 'state'>, to: string, lang: Lang): Button[] {
  const call = (command: string) => ({ command, args: { alert: String(alert.id) } });
  const own = schemeOf(to) !== 'channel' && schemeOf(to) !== 'console';
  const take = { label: pick(lang, '我来处理', "I'll take it"), call: call('alerts.ack') };
  return [
    ...(alert.state === 'open' && !own ? [take] : []),
    { label: pick(lang, '已处理', 'Done'), call: call('alerts.done') },
    { label: pick(lang, '转给…', 'Hand over…'), call: call('alerts.hand') },
    { label: pick(lang, '需要帮助', 'I need help'), call: call('alerts.help') },
  ];
}

/** What a step says: the message, why it comes again, and what one can do. */
export function alertMessage(
  alert: Pick<AlertRow, 'id' | 'state'>,
  message: MessageDraft,
  to: string,
  notes: readonly string[] = [],
): MessageDraft {
  const lang = message.lang ?? 'zh';
  const note = [...notes, pick(lang, `编号 ${alert.id}（认领 ${alert.id}）`, `No. ${alert.id} (ack ${alert.id})`)];
  const blocks = message.blocks ?? [];
  const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.buttons : []));
  return {
    ...message,
    blocks: [
      ...blocks.filter((block) => block.type !== 'actions'),
      { type: 'text', text: note.join('\n') },
      { type: 'actions', buttons: [...buttonsOf(alert, to, lang), ...buttons] },
    ],
  };
}

/** An alert with what has become of it; takes the place of the message whose button was pressed. */
export function standingCard(
  alert: AlertRow,
  events: readonly NewEvent[],
  zone: string,
  lang: Lang,
  now: Date,
): MessageDraft {
  const message = wordsOf(alert, lang);
  const lines = events
    .filter(({ action }) => action !== 'told')
    .map((event) => {
      const same = dayOf(event.at, zone) === dayOf(now, zone);
      return `${same ? clockTime(event.at, zone) : localMinute(event.at, zone)} ${sayEvent(event, lang)}`;
    });
  const over = alert.state === 'handled' || alert.state === 'closed';
  const blocks = message.blocks.filter((block) => block.type !== 'actions');
  return {
    title: message.title,
    tone: over ? 'good' : message.tone,
    blocks: [
      ...blocks,
      { type: 'text', text: [...lines, pick(lang, `编号 ${alert.id}`, `No. ${alert.id}`)].join('\n') },
      ...(over ? [] : [{ type: 'actions' as const, buttons: buttonsOf(alert, 'channel:', lang) }]),
    ],
    replaces: true,
    lang,
  };
}

/** 「王师傅 认领」. */
export function sayEvent({ action, by, to }: Pick<NewEvent, 'action' | 'by' | 'to'>, lang: Lang): string {
  const who = by ?? pick(lang, '系统', 'the system');
  const words: Record<string, [string, string]> = {
    opened: ['发现', 'found'],
    take: [`${who} 已认领`, `${who} has taken it`],
    handed: [`${who} 转给 ${to}`, `${who} handed it to ${to}`],
    help: [`${who} 需要帮助`, `${who} needs help`],
    handled: [`${who} 已处理`, `${who} has dealt with it`],
    closed: ['已恢复', 'over'],
  };
  const [zh, en] = words[action] ?? [action, action];
  return pick(lang, zh, en);
}
