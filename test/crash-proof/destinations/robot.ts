import { startWecomRobotEmulator } from '../../emulators/wecom-robot.ts';
import { type Arrival, type OpenDestination, readText, wecomAnswer } from '../destination.ts';

/** WeCom group robots: nothing is de-duplicated, 20 messages a minute each. */
export const openRobots: OpenDestination = async ({ conversations, clock }) => {
  const keys = Array.from({ length: conversations }, () => `proof-${crypto.randomUUID()}`);
  const emulator = await startWecomRobotEmulator({ keys, clock });
  return {
    scheme: 'wecom-robot',
    deduplicates: false,
    settings: (base) => ({ WECOM_API_BASE: base }),
    secrets: keys,
    addresses: keys.map((key) => `wecom-robot:${key}`),
    gone: `wecom-robot:gone-${crypto.randomUUID()}`,
    serves: { path: /^\/cgi-bin\/webhook\//, url: emulator.url },
    sends: /^\/cgi-bin\/webhook\/send\?/,
    busy: wecomAnswer(-1, 'system busy'),
    limited: wecomAnswer(45009, 'api freq out of limit'),
    isOverLimit: ({ body }) => body.includes('"errcode":45009'),
    async arrived(pieceOf) {
      const arrivals = keys.flatMap((key) =>
        emulator.received(key).map(({ body }): Arrival => {
          const address = `wecom-robot:${key}`;
          if (body.msgtype === 'markdown') return readText(address, body.markdown.content);
          if (body.msgtype === 'text') return readText(address, body.text.content);
          const picture = body.msgtype === 'image' && pieceOf(Buffer.from(body.image.base64, 'base64'));
          return { address, pieces: picture ? [picture] : [], marked: false };
        }),
      );
      return { arrivals, dropped: 0 };
    },
    close: () => emulator.close(),
  };
};
