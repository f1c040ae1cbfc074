import { existsSync } from 'node:fs';
import { type PlatformSettings, platformsOf } from './config-platforms.ts';
import { type ApiToken, type Part, SettingsSchema } from './config-schema.ts';
import { type SourceSettings, sourcesOf } from './config-sources.ts';
import type { CrashAt } from './core/crash-point.ts';
import { SetupError } from './core/errors.ts';

/** Everything that can be set, read once. Plain JSON, so that it can be handed to a worker thread. */
export interface Config extends PlatformSettings, SourceSettings {
  databaseUrl: string;
  host: string;
  port: number;
  publicUrl?: string | undefined;
  /** Reverse proxies whose word on who asks is taken. */
  proxies: string[];
  zone: string;
  dataFolder: string;
  /** Where the rule documents are, if not with the program. */
  rulesFolder?: string | undefined;
  sample: 'auto' | 'on' | 'off';
  adminPassword?: string | undefined;
  apiTokens: ApiToken[];
  parts: Part[];
  wecomApiBase: string;
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
  const read = SettingsSchema.safeParse(env);
  if (!read.success) {
    const mistakes = read.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name} ${issue.message}${isSecret(name) ? '' : ` (it is: ${env[name] ?? 'not set'})`}`;
    });
    throw new SetupError('Some settings are wrong. Mend them in .env or in the environment:', mistakes);
  }
  const settings = read.data;
  const platforms = platformsOf(settings);
  const sources = sourcesOf(settings);
  const half = [...platforms.mistakes, ...sources.mistakes];
  if (half.length > 0) {
    throw new SetupError('Some platforms or sources are set half. Complete them, or remove their lines:', half);
  }
  return {
    ...platforms.on,
    ...sources.on,
    databaseUrl: settings.DATABASE_URL,
    host: settings.FIELDBELL_HOST,
    port: settings.FIELDBELL_PORT,
    publicUrl: settings.FIELDBELL_PUBLIC_URL,
    proxies: settings.FIELDBELL_PROXIES ?? [],
    zone: settings.FIELDBELL_TIME_ZONE,
    dataFolder: settings.FIELDBELL_DATA,
    rulesFolder: settings.FIELDBELL_RULES,
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

/** The process's own settings: the environment, then `.env` in the working folder for what is not set there. */
export function processConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(process.env);
}

function isSecret(name: string): boolean {
  return /TOKEN|PASSWORD|SECRET|KEY|(DATABASE|MYSQL|SMTP)_URL/.test(name);
}
