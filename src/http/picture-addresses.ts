import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/time.ts';
import type { Database } from '../store/db.ts';
import { settingOr } from '../store/settings.ts';
import { signPath } from './signed.ts';

/** How long an address of a picture is good. */
const PICTURE_DAYS = 30;
const DAY_MS = 86_400_000;

/** The house's own key for what it signs. */
export function signingKey(db: Database): Promise<string> {
  return settingOr(db, 'signing-key', () => randomBytes(32).toString('base64url'));
}

/** A signed address for a kept picture. Of whole days, so that the same picture keeps it and the browser its copy. */
export function pictureAddress(file: string, key: string, clock: Clock): string {
  const expires = new Date((Math.floor(clock.now().getTime() / DAY_MS) + PICTURE_DAYS + 1) * DAY_MS);
  return signPath(`/charts/${file}`, key, expires);
}
