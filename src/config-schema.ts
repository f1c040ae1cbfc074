import { isIP } from 'node:net';
import { z } from 'zod';
import { CRASH_POINTS, type CrashAt } from './core/crash-point.ts';
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

/** The environment as a schema: each value is checked by itself. */
export const SettingsSchema = z.object({
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
  FIELDBELL_PROXIES: optional(z.string().transform(readProxies)),
  FIELDBELL_TIME_ZONE: withDefault(
    z.string().refine(isZone, 'must be a time zone such as Asia/Shanghai'),
    'Asia/Shanghai',
  ),
  FIELDBELL_DATA: withDefault(z.string(), './data'),
  FIELDBELL_RULES: optional(z.string()),
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
  GUANKE_BASE_URL: optional(httpAddress),
  GUANKE_USERNAME: optional(z.string()),
  GUANKE_PASSWORD: optional(z.string()),
  GUANKE_SECRET: optional(z.string()),
  GUANKE_RECORDS_PATH: withDefault(
    z.enum(['/task/cdr/all2', '/call_record/getCallRecord'], 'must be /task/cdr/all2 or /call_record/getCallRecord'),
    '/task/cdr/all2',
  ),
  GUANKE_AT_ONCE: withDefault(z.coerce.number('must be a number').int().min(1).max(32, 'must be 1 to 32'), 8),
  METABASE_URL: optional(httpAddress),
  METABASE_USERNAME: optional(z.string()),
  METABASE_PASSWORD: optional(z.string()),
  METABASE_API_KEY: optional(z.string()),
  MYSQL_URL: optional(
    z.url({ protocol: /^(mysql|mariadb)$/, error: 'must be mysql://USER:PASSWORD@HOST:PORT/DATABASE' }),
  ),
  SMTP_URL: optional(z.url({ protocol: /^smtps?$/, error: 'must be smtp://USER:PASSWORD@HOST:PORT' })),
  SMTP_FROM: optional(z.string().regex(/@/, 'must be an e-mail address')),
  QUICKCHART_URL: optional(httpAddress),
  FIELDBELL_CRASH_AT: optional(z.string().transform(readCrashAt)),
  LOG_LEVEL: withDefault(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']), 'info'),
  LOG_FORMAT: optional(z.enum(['json', 'pretty'], 'must be json or pretty')),
});

export type Settings = z.output<typeof SettingsSchema>;

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
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

function readProxies(text: string, check: z.RefinementCtx): string[] {
  const proxies = text.split(',').map((part) => part.trim());
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    const sound = bits === undefined ? most > 0 : /^\d+$/.test(bits) && Number(bits) <= most && more.length === 0;
    if (!sound)
      check.addIssue({ code: 'custom', message: `must be addresses such as 10.0.0.5 or 10.0.0.0/24: ${proxy}` });
  }
  return proxies;
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
