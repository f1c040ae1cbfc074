import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Leases } from './core/lease.ts';
import type { ChatPlatform } from './core/platform.ts';
import type { Clock } from './core/time.ts';

export interface PlatformTools {
  leases: Leases;
  clock: Clock;
  log: Logger;
  /** Tells the administrators of something that they should see to. */
  alarm(text: string): void;
}

/** The chat products whose settings are complete. Each is loaded only then: their SDKs are large. */
export async function openPlatforms(config: Config, _tools: PlatformTools): Promise<ChatPlatform[]> {
  const open: ChatPlatform[] = [];
  const add = <P>(platform: ChatPlatform<P>) => open.push(platform as ChatPlatform);
  const { createWecomRobot } = await import('../bots/wecom-robot/index.ts');
  add(createWecomRobot({ apiBase: config.wecomApiBase }));
  return open;
}
