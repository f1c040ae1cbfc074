import { existsSync } from 'node:fs';
import { z } from 'zod';
import { CRASH_POINTS, type CrashAt } from './core/crash-point.ts';
import { SetupError } from './core/errors.ts';
import { ROLES, type Role } from './core/people.ts';

/** A token by which another system may ask. */
export interface ApiToken {
  name: string;
  token: string;
  role: Role;
}

const PARTS = ['http', 'bots', 'dispatch', 'jobs'] as const;
export type Part = (typeof PARTS)[number];

const blank = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? undefined : value);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(blank, type.optional());
const withDefault = <T extends z.ZodType>(type: T, value: z.input<T>) =>
  z.preprocess((given) => blank(given) ?? value, type);

const httpAddress = z.url({ protocol: /^https?$/, error: 'must be an address such as https://example.com' });

const Settings = z.object({
  DATABASE_URL: withDefault(
    z.string().regex(/^(file:|postgres(ql)?:)/, 'must begin with file: or postgresql:'),
    'file:./data/fieldbell.db',
  ),
  FIELDBELL_HOST: withDefault(z.string(), '127.0.0.1'),
  FIELDBELL_PORT: withDefault(
    z.coerce.number('must be a number').int().min(0).max(65535, 'must be a port, 0 to 65535'),
    8787,
  ),
  FIELDBELL_PUBLIC_URL: optional(httpAddress),
  FIELDBELL_TIME_ZONE: withDefault(
    z.string().refine(isZone, 'must be a time zone such as Asia/Shanghai'),
    'Asia/Shanghai',
  ),
  FIELDBELL_DATA: withDefault(z.string(), './data'),
  FIELDBELL_SAMPLE: withDefault(z.enum(['auto', 'on', 'off'], 'must be auto, on or off'), 'auto'),
  FIELDBELL_ADMIN_PASSWORD: optional(z.string().min(8, 'must have at least 8 characters')),
  FIELDBELL_API_TOKENS: optional(z.string().transform(readTokens)),
  FIELDBELL_ROLES: withDefault(z.string().transform(readParts), 'all'),
  WECOM_API_BASE: withDefault(httpAddress, 'https://qyapi.weixin.qq.com'),
  WECOM_BOT_ID: optional(z.string()),
  WECOM_BOT_SECRET: optional(z.string()),
  WECOM_BOT_WS_URL: optional(z.url({ protocol: /^wss?$/, error: 'must be an address such as wss://example.com' })),
  WECOM_CORP_ID: optional(z.string()),
  WECOM_APP_SECRET: optional(z.string()),
  WECOM_APP_AGENT_ID: optional(z.coerce.number('must be the number of the app').int()),
  WECOM_CALLBACK_TOKEN: optional(z.string().max(32, 'has at most 32 characters')),
  WECOM_CALLBACK_AES_KEY: optional(z.string().length(43, 'has 43 characters')),
  SLACK_BOT_TOKEN: optional(z.string().startsWith('xoxb-', 'must begin with xoxb-')),
  SLACK_APP_TOKEN: optional(z.string().startsWith('xapp-', 'must begin with xapp-')),
  SLACK_SIGNING_SECRET: optional(z.string()),
  SLACK_API_URL: optional(httpAddress),
  TELEGRAM_BOT_TOKEN: optional(z.string().regex(/^\d+:.{10,}$/, 'must be NUMBER:SECRET as BotFather gives it')),
  TELEGRAM_API_ROOT: optional(httpAddress),
  TELEGRAM_WEBHOOK_SECRET: optional(z.string().regex(/^[\w-]{1,256}$/, 'may have letters, digits, _ and - alone')),
  QUICKCHART_URL: optional(httpAddress),
  FIELDBELL_CRASH_AT: optional(z.string().transform(readCrashAt)),
  LOG_LEVEL: withDefault(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']), 'info'),
  LOG_FORMAT: optional(z.enum(['json', 'pretty'], 'must be json or pretty')),
});

export interface WecomAppSettings {
  corpId: string;
  secret: string;
  agentId: number;
  callbackToken?: string;
  callbackAesKey?: string;
}

/** Everything that can be set, read once. Plain JSON, so that it can be handed to a worker thread. */
export interface Config {
  databaseUrl: string;
  host: string;
  port: number;
  publicUrl?: string | undefined;
  zone: string;
  dataFolder: string;
  sample: 'auto' | 'on' | 'off';
  adminPassword?: string | undefined;
  apiTokens: ApiToken[];
  parts: Part[];
  wecomApiBase: string;
  /** Platforms that are on: their settings are complete. */
  wecomBot?: { botId: string; secret: string; wsUrl?: string } | undefined;
  wecomApp?: WecomAppSettings | undefined;
  slack?: { botToken: string; appToken?: string; signingSecret?: string; apiUrl?: string } | undefined;
  telegram?: { token: string; apiRoot?: string; webhookSecret?: string } | undefined;
  quickchartUrl?: string | undefined;
  /** Where to end at once, for `npm run crash-proof`. */
  crashAt?: CrashAt | undefined;
  logLevel: string;
  logFormat?: 'json' | 'pretty' | undefined;
  /** What `${NAME}` in a rule file stands for. */
  variables: Record<string, string>;
}

/**
 * Reads the settings.
 * @param env the environment; a parameter, so that a test can give its own
 * @throws SetupError with every mistake and the line to mend
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const read = Settings.safeParse(env);
  if (!read.success) {
    const mistakes = read.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name} ${issue.message}${isSecret(name) ? '' : ` (it is: ${env[name] ?? 'not set'})`}`;
    });
    throw new SetupError('Some settings are wrong. Mend them in .env or in the environment:', mistakes);
  }
  const settings = read.data;
  const platforms = platformsOf(settings);
  if (platforms.mistakes.length > 0) {
    throw new SetupError('Some platforms are set half. Complete them, or remove their lines:', platforms.mistakes);
  }
  return {
    ...platforms.on,
    databaseUrl: settings.DATABASE_URL,
    host: settings.FIELDBELL_HOST,
    port: settings.FIELDBELL_PORT,
    publicUrl: settings.FIELDBELL_PUBLIC_URL,
    zone: settings.FIELDBELL_TIME_ZONE,
    dataFolder: settings.FIELDBELL_DATA,
    sample: settings.FIELDBELL_SAMPLE,
    adminPassword: settings.FIELDBELL_ADMIN_PASSWORD,
    apiTokens: settings.FIELDBELL_API_TOKENS ?? [],
    parts: settings.FIELDBELL_ROLES,
    wecomApiBase: settings.WECOM_API_BASE.replace(/\/+$/, ''),
    quickchartUrl: settings.QUICKCHART_URL,
    crashAt: settings.FIELDBELL_CRASH_AT,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    variables: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1])),
  };
}

/** A platform is on when its settings are complete, off when none is there, and an error when they are half there. */
function platformsOf(settings: z.output<typeof Settings>) {
  const mistakes: string[] = [];
  const group = (needed: (keyof typeof settings)[], others: (keyof typeof settings)[] = []): boolean => {
    const missing = needed.filter((name) => settings[name] === undefined);
    const given = [...needed, ...others].filter((name) => settings[name] !== undefined);
    if (given.length > 0 && missing.length > 0)
      mistakes.push(`${missing.join(', ')} missing beside ${given.join(', ')}`);
    return missing.length === 0;
  };
  const given = <T extends Record<string, unknown>>(values: T) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
      [K in keyof T]: Exclude<T[K], undefined>;
    };
  const s = settings;
  const on: Pick<Config, 'wecomBot' | 'wecomApp' | 'slack' | 'telegram'> = {};
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
  return { on, mistakes };
}

/** The process's own settings: the environment, then `.env` in the working folder for what is not set there. */
export function processConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(process.env);
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function isSecret(name: string): boolean {
  return /TOKEN|PASSWORD|SECRET|KEY|DATABASE_URL/.test(name);
}

function readTokens(text: string, check: z.RefinementCtx): ApiToken[] {
  return text
    .split(',')
    .filter((part) => part.trim())
    .map((part, at) => {
      const [name = '', token = '', role = 'staff'] = part.trim().split(':');
      const known = ROLES.find((one) => one === role);
      if (!name || token.length < 8 || !known) {
        const why = !known ? `role must be one of ${ROLES.join(', ')}` : 'a token has at least 8 characters';
        check.addIssue({ code: 'custom', message: `entry ${at + 1} must be name:token[:role]; ${why}` });
      }
      return { name, token, role: known ?? 'guest' };
    });
}

function readParts(text: string, check: z.RefinementCtx): Part[] {
  if (text.trim() === 'all') return [...PARTS];
  return text.split(',').flatMap((part) => {
    const known = PARTS.find((one) => one === part.trim());
    if (!known) check.addIssue({ code: 'custom', message: `must be all, or some of ${PARTS.join(',')}` });
    return known ?? [];
  });
}

function readCrashAt(text: string, check: z.RefinementCtx): CrashAt {
  const [name = '', times = '1'] = text.split(':');
  const point = CRASH_POINTS.find((one) => one === name);
  if (!point || !/^[1-9]\d*$/.test(times)) {
    check.addIssue({ code: 'custom', message: `must be POINT:TIMES; points are ${CRASH_POINTS.join(', ')}` });
  }
  return { point: point ?? CRASH_POINTS[0], times: Number(times) };
}
