import type { ConsoleLine, ConsoleMessage, ConsolePage, ConsoleRoom } from '../api.ts';

/** What the page knows of its rooms, and how each event changes it. Pure. */

/** One's own line that the server has not confirmed. */
export interface PendingLine {
  room: string;
  line: ConsoleLine;
  /** How it is shown: the text, or the button's label. */
  shown: string;
  at: string;
  /** Absent while it is under way; otherwise why it did not arrive (may be empty). */
  failed?: string;
}

export interface RoomState {
  /** Ascending by seq, without holes. */
  messages: ConsoleMessage[];
  more: boolean;
  load: 'loading' | 'failed' | 'done';
  pending: PendingLine[];
  typing: boolean;
  last?: { text: string; at: string; mine: boolean };
}

export type ChatState = Readonly<Record<string, RoomState>>;

export type ChatEvent =
  | { type: 'loading'; room: string }
  | { type: 'page'; room: string; page: ConsolePage }
  | { type: 'load-failed'; room: string }
  | { type: 'arrived'; message: ConsoleMessage; mine: boolean }
  | { type: 'typing'; room: string; on: boolean }
  | { type: 'sending'; pending: PendingLine }
  | { type: 'sent'; id: string; message: ConsoleMessage }
  | { type: 'failed'; room: string; id: string; why: string }
  | { type: 'discarded'; room: string; id: string };

const EMPTY: RoomState = { messages: [], more: false, load: 'loading', pending: [], typing: false };

export function roomOf(state: ChatState, room: string): RoomState {
  return state[room] ?? EMPTY;
}

export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'loading':
      return change(state, event.room, () => ({ load: 'loading' }));
    case 'page':
      return change(state, event.room, (room) => ({
        messages: merged(room.messages, event.page.messages),
        more: event.page.more,
        load: 'done',
      }));
    case 'load-failed':
      return change(state, event.room, () => ({ load: 'failed' }));
    case 'arrived':
      return change(state, event.message.room, (room) => ({
        messages: merged(room.messages, [event.message]),
        typing: event.message.from.kind === 'bot' ? false : room.typing,
        // A message that changed comes again under its number; the newest line stays the newest.
        ...(event.message.seq >= (room.messages.at(-1)?.seq ?? 0) && {
          last: { text: preview(event.message), at: event.message.at, mine: event.mine },
        }),
      }));
    case 'typing':
      return change(state, event.room, () => ({ typing: event.on }));
    case 'sending':
      return change(state, event.pending.room, (room) => ({
        pending: [...without(room.pending, event.pending.line.id), event.pending],
      }));
    case 'sent': {
      const settled = change(state, event.message.room, (room) => ({ pending: without(room.pending, event.id) }));
      return reduce(settled, { type: 'arrived', message: event.message, mine: true });
    }
    case 'failed':
      return change(state, event.room, (room) => ({
        pending: room.pending.map((line) => (line.line.id === event.id ? { ...line, failed: event.why } : line)),
      }));
    case 'discarded':
      return change(state, event.room, (room) => ({ pending: without(room.pending, event.id) }));
  }
}

function change(state: ChatState, id: string, by: (room: RoomState) => Partial<RoomState>): ChatState {
  const room = roomOf(state, id);
  return { ...state, [id]: { ...room, ...by(room) } };
}

function without(lines: PendingLine[], id: string): PendingLine[] {
  return lines.filter((line) => line.line.id !== id);
}

/** Both, ascending by seq; the same message twice is there once. */
function merged(known: ConsoleMessage[], added: ConsoleMessage[]): ConsoleMessage[] {
  const bySeq = new Map([...known, ...added].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** A message in one line, for the list of rooms and for screen readers. */
export function preview(message: ConsoleMessage): string {
  const drawn = message.message;
  if (!drawn) return message.text ?? '';
  if (drawn.title) return drawn.title;
  for (const block of drawn.blocks) {
    if (block.type === 'text') return block.text.split('\n', 1)[0] ?? '';
    if (block.type === 'pictures') return block.pictures[0]?.alt ?? '';
    if (block.type === 'file') return block.name;
  }
  return '';
}

/** The newest line of a room: what arrived since, or what the server said at the start. */
export function lastOf(state: ChatState, room: ConsoleRoom): { text: string; at: string; mine: boolean } | undefined {
  const arrived = state[room.id]?.last;
  if (arrived && (!room.last || arrived.at >= room.last.at)) return arrived;
  return room.last && { ...room.last, mine: false };
}
