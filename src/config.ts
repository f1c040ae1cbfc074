import { existsSync } from 'node:fs';
import { z } from 'zod';
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
  QUICKCHART_URL: optional(httpAddress),
  LOG_LEVEL: withDefault(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']), 'info'),
  LOG_FORMAT: optional(z.enum(['json', 'pretty'], 'must be json or pretty')),
});

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
  quickchartUrl?: string | undefined;
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
  return {
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
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    variables: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1])),
  };
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
