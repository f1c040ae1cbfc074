import { startTelegramEmulator } from '../../emulators/telegram.ts';
import { type OpenDestination, readText, type WireAnswer } from '../destination.ts';

function refusal(status: number, description: string, more: object = {}): WireAnswer {
  const body = JSON.stringify({ ok: false, error_code: status, description, ...more });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

/** Telegram chats, half of them groups: nothing is de-duplicated; 1 a second, and 20 a minute in a group. */
export const openTelegram: OpenDestination = async ({ conversations, clock }) => {
  const chats = Array.from({ length: conversations }, (_, at) => (at % 2 === 0 ? 1000 + at : -1000 - at));
  const token = `700100:AAF0-${crypto.randomUUID()}`;
  const emulator = await startTelegramEmulator({ token, clock });
  for (const chat of chats) emulator.joins(chat);
  // Some groups have become supergroups, which the service finds out when it sends.
  const moved = new Map(
    chats.filter((chat) => chat < 0 && chat % 5 === 0).map((chat) => [chat, -1_000_000_000_000 + chat]),
  );
  for (const [from, to] of moved) emulator.migrates(from, to);
  return {
    scheme: 'telegram',
    deduplicates: false,
    settings: (base) => ({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: base }),
    secrets: [token, token.slice(token.indexOf(':') + 1)],
    addresses: chats.map((chat) => `telegram:${chat}`),
    gone: 'telegram:99',
    serves: { path: /^\/(file\/)?bot\d+:/, url: emulator.url },
    sends: /\/send(Message|Photo|MediaGroup|Document)$/,
    busy: refusal(500, 'Internal Server Error'),
    limited: refusal(429, 'Too Many Requests: retry after 5', { parameters: { retry_after: 5 } }),
    isOverLimit: ({ status }) => status === 429,
    async arrived(pieceOf) {
      const arrivals = chats.flatMap((chat) =>
        emulator.received(moved.get(chat) ?? chat).map(({ text, photo }) => {
          const read = readText(`telegram:${chat}`, text);
          const picture = photo && pieceOf(photo.bytes);
          return picture ? { ...read, pieces: [...read.pieces, picture] } : read;
        }),
      );
      return { arrivals, dropped: 0 };
    },
    close: () => emulator.close(),
  };
};
