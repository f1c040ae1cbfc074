import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Leases } from './core/lease.ts';
import type { ChatPlatform } from './core/platform.ts';
import type { Clock } from './core/time.ts';
import type { openUploads } from './runtime/uploads/store.ts';

/** Every platform by its address scheme, on or off. */
export const PLATFORMS = ['console', 'wecom-robot', 'wecom-app', 'wecom-bot', 'slack', 'telegram', 'email'] as const;

export interface PlatformTools {
  leases: Leases;
  uploads: ReturnType<typeof openUploads>;
  clock: Clock;
  log: Logger;
  /** Tells the administrators of something that they should see to. */
  alarm(text: string): void;
}

/** The chat products whose settings are complete. Each is loaded only then: their SDKs are large. */
export async function openPlatforms(config: Config, tools: PlatformTools): Promise<ChatPlatform[]> {
  const { clock, leases, alarm } = tools;
  const open: ChatPlatform[] = [];
  const add = <P>(platform: ChatPlatform<P>) => open.push(platform as ChatPlatform);
  const log = (platform: string) => tools.log.child({ platform });

  const { createWecomRobot } = await import('../bots/wecom-robot/index.ts');
  add(createWecomRobot({ apiBase: config.wecomApiBase, publicUrl: config.publicUrl }));
  if (config.wecomApp) {
    const { createWecomApp } = await import('../bots/wecom-app/index.ts');
    const apiBase = config.wecomApiBase;
    add(createWecomApp({ ...config.wecomApp, apiBase, uploads: tools.uploads, clock, log: log('wecom-app') }));
  }
  if (config.wecomBot) {
    const { createWecomBot } = await import('../bots/wecom-bot/index.ts');
    add(createWecomBot({ ...config.wecomBot, leases, clock, log: log('wecom-bot'), alarm }));
  }
  if (config.slack) {
    const { createSlack } = await import('../bots/slack/index.ts');
    add(createSlack({ ...config.slack, clock, log: log('slack') }));
  }
  if (config.telegram) {
    const { createTelegram } = await import('../bots/telegram/index.ts');
    const { publicUrl } = config;
    add(createTelegram({ ...config.telegram, publicUrl, leases, clock, log: log('telegram') }));
  }
  if (config.email) {
    const { createEmail } = await import('../bots/email/index.ts');
    add(createEmail(config.email));
  }
  return open;
}
