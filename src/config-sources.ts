import { settingGroups } from './config-groups.ts';
import type { Settings } from './config-schema.ts';

/** How to sign in to a Metabase: by name and password, or by key. */
export interface MetabaseSettings {
  url: string;
  signIn: { username: string; password: string } | { apiKey: string };
}

/** How to sign in to Guanke: by name and password, or by the secret of its console. */
export interface GuankeSettings {
  baseUrl: string;
  signIn: { username: string; password: string } | { secret: string };
  /** Which of the vendor's two addresses gives call records. */
  recordsPath: '/task/cdr/all2' | '/call_record/getCallRecord';
  /** Requests at the same time. */
  atOnce: number;
}

/** Upstream systems that are on: their settings are complete. */
export interface SourceSettings {
  metabase?: MetabaseSettings | undefined;
  guanke?: GuankeSettings | undefined;
  /** The company's driver database. */
  mysqlUrl?: string | undefined;
}

/** A source is on when its settings are complete, off when none is there, and an error when they are half there. */
export function sourcesOf(settings: Settings) {
  const { mistakes, group } = settingGroups(settings);
  const s = settings;
  const on: SourceSettings = { mysqlUrl: s.MYSQL_URL };
  const address = (url: string | undefined) => `${url}`.replace(/\/+$/, '');
  const password = ['METABASE_USERNAME', 'METABASE_PASSWORD'] as const;
  if (group(['METABASE_URL'], [...password, 'METABASE_API_KEY'])) {
    if (s.METABASE_API_KEY) on.metabase = { url: address(s.METABASE_URL), signIn: { apiKey: s.METABASE_API_KEY } };
    else if (password.every((name) => s[name] === undefined))
      mistakes.push(`${password.join(' and ')}, or METABASE_API_KEY, missing beside METABASE_URL`);
    else if (group(password)) {
      const signIn = { username: `${s.METABASE_USERNAME}`, password: `${s.METABASE_PASSWORD}` };
      on.metabase = { url: address(s.METABASE_URL), signIn };
    }
  }
  const account = ['GUANKE_USERNAME', 'GUANKE_PASSWORD'] as const;
  if (group(['GUANKE_BASE_URL'], [...account, 'GUANKE_SECRET'])) {
    const common = {
      baseUrl: address(s.GUANKE_BASE_URL),
      recordsPath: s.GUANKE_RECORDS_PATH,
      atOnce: s.GUANKE_AT_ONCE,
    };
    if (s.GUANKE_SECRET) on.guanke = { ...common, signIn: { secret: s.GUANKE_SECRET } };
    else if (account.every((name) => s[name] === undefined))
      mistakes.push(`${account.join(' and ')}, or GUANKE_SECRET, missing beside GUANKE_BASE_URL`);
    else if (group(account)) {
      const signIn = { username: `${s.GUANKE_USERNAME}`, password: `${s.GUANKE_PASSWORD}` };
      on.guanke = { ...common, signIn };
    }
  }
  return { on, mistakes };
}
