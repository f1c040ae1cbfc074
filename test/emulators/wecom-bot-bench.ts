import pino from 'pino';
import { createWecomBot, type Timings, type WecomBotOptions } from '../../bots/wecom-bot/index.ts';
import type { Inbound } from '../../src/core/platform.ts';
import { leasesInMemory } from './leases.ts';
import { startWecomBotEmulator } from './wecom-bot.ts';

export const BOT = { botId: 'aibJ3dXxQe', secret: 'c2VjcmV0LW9mLXRoZS1ib3Q' };

/** Short enough for tests, in the same order as the real ones. */
const SHORT: Partial<Timings> = {
  leaseMs: 300,
  leaseRetryMs: 40,
  subscribeMs: 500,
  reconnect: { firstMs: 30, mostMs: 100 },
  refused: { firstMs: 200, mostMs: 400 },
  limited: { firstMs: 300, mostMs: 400 },
  taken: { firstMs: 250, mostMs: 1000 },
  stableMs: 60_000,
  connectWaitMs: 1000,
  ackMs: 250,
};

/** An emulator with a clock that is moved by hand, and bots of ours that connect to it. */
export async function startBench() {
  let now = new Date('2025-10-17T06:20:00Z');
  const clock = { zone: 'Asia/Shanghai', now: () => now };
  const emulator = await startWecomBotEmulator({ ...BOT, clock });
  const leases = leasesInMemory();
  const stops: (() => Promise<void>)[] = [() => emulator.close()];
  return {
    emulator,
    leases,
    pass(ms: number): void {
      now = new Date(now.getTime() + ms);
    },
    /** A process of ours with this name. */
    async bot(
      process: string,
      {
        timings,
        receive,
        ...options
      }: Partial<WecomBotOptions> & { receive?: (inbound: Inbound) => Promise<void> } = {},
    ) {
      const heard: Inbound[] = [];
      const alarms: string[] = [];
      const logged: string[] = [];
      const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
      const platform = createWecomBot({
        ...BOT,
        wsUrl: emulator.url,
        leases: leases.of(process),
        clock,
        log,
        alarm: (text) => void alarms.push(text),
        ...options,
        timings: { ...SHORT, ...timings },
      });
      const stop = async () => platform.stop?.();
      stops.unshift(stop);
      await platform.start?.(async (inbound) => {
        heard.push(inbound);
        await receive?.(inbound);
      }, new AbortController().signal);
      return { platform, heard, alarms, logged, stop };
    },
    async close(): Promise<void> {
      for (const stop of stops) await stop();
    },
  };
}

export type Bench = Awaited<ReturnType<typeof startBench>>;
