import { startWecomBotEmulator } from '../../emulators/wecom-bot.ts';
import { type OpenDestination, readText } from '../destination.ts';
import type { Fault } from '../plan.ts';

/** Conversations of a WeCom AI bot over its long connection: nothing is de-duplicated, 30 messages a minute each. */
export const openBot: OpenDestination = async ({ conversations, clock }) => {
  const chats = Array.from({ length: conversations }, (_, at) => `proof-chat-${at}`);
  const secret = `proof-${crypto.randomUUID()}`;
  const emulator = await startWecomBotEmulator({ botId: 'proof-bot', secret, clock, chats });
  return {
    scheme: 'wecom-bot',
    deduplicates: false,
    settings: () => ({ WECOM_BOT_ID: 'proof-bot', WECOM_BOT_SECRET: secret, WECOM_BOT_WS_URL: emulator.url }),
    secrets: [secret],
    addresses: chats.map((chat) => `wecom-bot:${chat}`),
    gone: 'wecom-bot:nobody-knows',
    spoil: (fault) => emulator.misbehave(troubleOf(fault, clock.speed), { on: 'aibot_send_msg' }),
    behave: () => emulator.behave(),
    async arrived(pieceOf) {
      const arrivals = chats.flatMap((chat) =>
        emulator.received(chat).map(({ content = '', card, upload }) => {
          const read = readText(`wecom-bot:${chat}`, content + (card ? JSON.stringify(card) : ''));
          const picture = upload && pieceOf(upload.bytes);
          return picture ? { ...read, pieces: [...read.pieces, picture] } : read;
        }),
      );
      return { arrivals, dropped: emulator.overLimit };
    },
    close: () => emulator.close(),
  };
};

/** The same misfortunes, as they look on a socket. */
function troubleOf(fault: Fault, speed: number) {
  switch (fault.kind) {
    case 'busy':
      return { kind: 'errcode' as const, errcode: -1 };
    case 'limited':
      return { kind: 'errcode' as const, errcode: 846607 };
    case 'hang':
      return { kind: 'drop-ack' as const };
    case 'late':
      return { kind: 'delay-ack' as const, ms: fault.ms / speed };
    case 'reset':
      return { kind: 'close' as const, delivered: fault.accepted };
    case 'http':
      return fault.accepted ? { kind: 'close' as const, delivered: true } : { kind: 'unsubscribe' as const };
  }
}
