import { createHmac, timingSafeEqual } from 'node:crypto';

/** Links that need no sign-in: they carry a signature of their path and of the second at which they expire. */

/** `/charts/….png` → `/charts/….png?exp=…&sig=…`, valid until `expires`. */
export function signPath(path: string, key: string, expires: Date): string {
  const seconds = Math.floor(expires.getTime() / 1000);
  return `${path}?exp=${seconds}&sig=${signature(path, seconds, key)}`;
}

/** Whether a path was signed with the key and has not expired; compared in constant time. */
export function verifySigned(path: string, query: { exp?: unknown; sig?: unknown }, key: string, now: Date): boolean {
  const { exp, sig } = query;
  if (typeof exp !== 'string' || typeof sig !== 'string' || !/^\d{1,12}$/.test(exp)) return false;
  const given = Buffer.from(sig);
  const wanted = Buffer.from(signature(path, Number(exp), key));
  return given.length === wanted.length && timingSafeEqual(given, wanted) && Number(exp) * 1000 > now.getTime();
}

function signature(path: string, seconds: number, key: string): string {
  return createHmac('sha256', key).update(`${path}\n${seconds}`).digest('base64url');
}
