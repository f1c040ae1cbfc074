import { given, settingGroups } from './config-groups.ts';
import type { Settings } from './config-schema.ts';

export interface WecomAppSettings {
  corpId: string;
  secret: string;
  agentId: number;
  callbackToken?: string;
  callbackAesKey?: string;
}

/** Platforms that are on: their settings are complete. */
export interface PlatformSettings {
  wecomBot?: { botId: string; secret: string; wsUrl?: string } | undefined;
  wecomApp?: WecomAppSettings | undefined;
  slack?: { botToken: string; appToken?: string; signingSecret?: string; apiUrl?: string } | undefined;
  email?: { url: string; from: string } | undefined;
  telegram?: { token: string; apiRoot?: string; webhookSecret?: string } | undefined;
}

/** A platform is on when its settings are complete, off when none is there, and an error when they are half there. */
export function platformsOf(settings: Settings) {
  const { mistakes, group } = settingGroups(settings);
  const s = settings;
  const on: PlatformSettings = {};
  if (group(['WECOM_BOT_ID', 'WECOM_BOT_SECRET'], ['WECOM_BOT_WS_URL'])) {
    on.wecomBot = given({ botId: `${s.WECOM_BOT_ID}`, secret: `${s.WECOM_BOT_SECRET}`, wsUrl: s.WECOM_BOT_WS_URL });
  }
  const callback = ['WECOM_CALLBACK_TOKEN', 'WECOM_CALLBACK_AES_KEY'] as const;
  if (group(['WECOM_CORP_ID', 'WECOM_APP_SECRET', 'WECOM_APP_AGENT_ID'], [...callback])) {
    group([...callback]);
    on.wecomApp = given({
      corpId: `${s.WECOM_CORP_ID}`,
      secret: `${s.WECOM_APP_SECRET}`,
      agentId: Number(s.WECOM_APP_AGENT_ID),
      callbackToken: s.WECOM_CALLBACK_TOKEN,
      callbackAesKey: s.WECOM_CALLBACK_AES_KEY,
    });
  }
  const ways = ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const;
  if (group(['SLACK_BOT_TOKEN'], [...ways])) {
    if (ways.every((name) => s[name] === undefined))
      mistakes.push(`${ways.join(' or ')} missing beside SLACK_BOT_TOKEN`);
    on.slack = given({
      botToken: `${s.SLACK_BOT_TOKEN}`,
      appToken: s.SLACK_APP_TOKEN,
      signingSecret: s.SLACK_SIGNING_SECRET,
      apiUrl: s.SLACK_API_URL,
    });
  }
  if (group(['TELEGRAM_BOT_TOKEN'], ['TELEGRAM_WEBHOOK_SECRET'])) {
    if (s.TELEGRAM_WEBHOOK_SECRET && !s.FIELDBELL_PUBLIC_URL) {
      mistakes.push('FIELDBELL_PUBLIC_URL missing beside TELEGRAM_WEBHOOK_SECRET: Telegram has to know where to call');
    }
    on.telegram = given({
      token: `${s.TELEGRAM_BOT_TOKEN}`,
      apiRoot: s.TELEGRAM_API_ROOT,
      webhookSecret: s.TELEGRAM_WEBHOOK_SECRET,
    });
  }
  if (group(['SMTP_URL', 'SMTP_FROM'])) on.email = { url: `${s.SMTP_URL}`, from: `${s.SMTP_FROM}` };
  return { on, mistakes };
}
