import { clockTime } from '../../../src/core/time.ts';
import { startWecomRobotEmulator } from '../../emulators/wecom-robot.ts';
import type { FastClock } from '../clock.ts';
import { type Arrival, type OpenDestination, type ProofChannel, readText, wecomAnswer } from '../destination.ts';

/** WeCom group robots: nothing is de-duplicated, 20 messages a minute each. */
export const openRobots: OpenDestination = async ({ conversations, clock }) => {
  const newKey = () => `proof-${crypto.randomUUID()}`;
  const keys = Array.from({ length: conversations }, newKey);
  const channels = channelsOf(newKey, clock);
  const channelOf = new Map(
    channels.flatMap(({ name, address, robots = [] }) =>
      [address, ...robots].map((one) => [one.slice('wecom-robot:'.length), `channel:${name}`] as const),
    ),
  );
  const all = [...keys, ...channelOf.keys()];
  const emulator = await startWecomRobotEmulator({ keys: all, clock });
  return {
    scheme: 'wecom-robot',
    deduplicates: false,
    settings: (base) => ({ WECOM_API_BASE: base }),
    secrets: all,
    addresses: keys.map((key) => `wecom-robot:${key}`),
    channels,
    gone: `wecom-robot:gone-${crypto.randomUUID()}`,
    serves: { path: /^\/cgi-bin\/webhook\//, url: emulator.url },
    sends: /^\/cgi-bin\/webhook\/send\?/,
    busy: wecomAnswer(-1, 'system busy'),
    limited: wecomAnswer(45009, 'api freq out of limit'),
    isOverLimit: ({ body }) => body.includes('"errcode":45009'),
    async arrived(pieceOf) {
      const arrivals = all.flatMap((key) =>
        emulator.received(key).map(({ body, at }): Arrival & { at: Date } => {
          const address = channelOf.get(key) ?? `wecom-robot:${key}`;
          if (body.msgtype === 'markdown') return { ...readText(address, body.markdown.content), at };
          if (body.msgtype === 'text') return { ...readText(address, body.text.content), at };
          const picture = body.msgtype === 'image' && pieceOf(Buffer.from(body.image.base64, 'base64'));
          return { address, pieces: picture ? [picture] : [], marked: false, at };
        }),
      );
      // The robots of a pool speak in one group.
      return { arrivals: arrivals.sort((a, b) => a.at.getTime() - b.at.getTime()), dropped: 0 };
    },
    close: () => emulator.close(),
  };
};

/** One that merges, one of three robots, and one that is silent from the next minute but one, for two minutes. */
function channelsOf(newKey: () => string, clock: FastClock): ProofChannel[] {
  const address = () => `wecom-robot:${newKey()}`;
  const minute = (count: number) => new Date((Math.floor(clock.now().getTime() / 60_000) + count) * 60_000);
  const silent = { from: minute(2), to: minute(4) };
  const quiet = { from: clockTime(silent.from, clock.zone), to: clockTime(silent.to, clock.zone) };
  return [
    { name: 'proof-digest', address: address(), digest: true },
    { name: 'proof-pool', address: address(), robots: [address(), address()] },
    { name: 'proof-quiet', address: address(), quiet, silent },
  ];
}
