import { EventEmitter } from 'node:events';
import type { ConsoleLog } from '../../../bots/console/index.ts';
import type { DrawnMessage, Picture } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { addMessage, type ConsoleRow, messageByKey, type NewConsoleMessage, replaceMessage } from './store.ts';

/** A drawn message as it is kept: pictures by the name under which their bytes are kept. */
export type KeptMessage = Omit<DrawnMessage, 'blocks'> & { blocks: KeptBlock[] };
type DrawnBlock = DrawnMessage['blocks'][number];
export type KeptBlock =
  | Exclude<DrawnBlock, { type: 'pictures' } | { type: 'file' }>
  | { type: 'pictures'; pictures: { file: string; alt: string; width: number; height: number }[] };

/** Where bytes are kept, by a hash of their content. */
export interface Keeper {
  keep(bytes: Uint8Array, mime: Picture['mime']): Promise<string>;
}

/** What was said in the console: durable first, then told to the open browsers. */
export interface ConsoleHistory extends ConsoleLog {
  add(message: NewConsoleMessage): Promise<ConsoleRow>;
  /** Calls back for each new or changed message, and when the bot begins to work on an answer. Returns how to stop. */
  listen(listener: (event: { row: ConsoleRow; changed?: boolean } | { typing: string }) => void): () => void;
  typing(room: string): void;
}

export function openConsoleHistory(
  db: Database,
  clock: Clock,
  pictures: Keeper,
  botName: string,
  isSample: (room: string) => boolean,
): ConsoleHistory {
  const events = new EventEmitter().setMaxListeners(0);
  async function add(message: NewConsoleMessage): Promise<ConsoleRow> {
    const sample = message.sample ?? isSample(message.room);
    const row = await addMessage(db, { ...message, sample }).catch(async (error: unknown) => {
      // The same line at the same time, from a page that sent it again: one of the two is enough.
      const known = message.key ? await messageByKey(db, message.key) : null;
      if (!known) throw error;
      return known;
    });
    events.emit('event', { row });
    return row;
  }
  return {
    add,
    async append(room, message, key) {
      const known = key && (await messageByKey(db, key));
      if (known) return String(known.seq);
      const kept = JSON.stringify(await keepMessage(message, pictures));
      const row = await add({
        room,
        at: clock.now(),
        fromKind: 'bot',
        fromName: botName,
        message: kept,
        key: key ?? null,
      });
      return String(row.seq);
    },
    async replace(room, number, message) {
      const kept = JSON.stringify(await keepMessage(message, pictures));
      const row = await replaceMessage(db, room, Number(number), kept);
      if (row) events.emit('event', { row, changed: true });
      return row !== null;
    },
    listen(listener) {
      events.on('event', listener);
      return () => events.off('event', listener);
    },
    typing: (room) => void events.emit('event', { typing: room }),
  };
}

/** A drawn message with its pictures kept. */
export async function keepMessage(message: DrawnMessage, pictures: Keeper): Promise<KeptMessage> {
  const blocks = await Promise.all(
    message.blocks.map(async (block): Promise<KeptBlock> => {
      // The console says that it draws no files, so that none comes here.
      if (block.type === 'file') return { type: 'text', text: block.name };
      if (block.type !== 'pictures') return block;
      const kept = block.pictures.map(async ({ bytes, mime, alt }) => ({
        file: await pictures.keep(bytes, mime),
        alt,
        ...sizeOf(bytes),
      }));
      return { type: 'pictures', pictures: await Promise.all(kept) };
    }),
  );
  return { ...message, blocks };
}

/** Width and height in pixels of a PNG, from its header; that of our charts for other kinds. */
function sizeOf(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPng = bytes.byteLength > 24 && view.getUint32(0) === 0x89504e47;
  return isPng ? { width: view.getUint32(16), height: view.getUint32(20) } : { width: 1200, height: 675 };
}
