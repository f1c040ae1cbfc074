import { hash, verify } from '@node-rs/argon2';
import { AskerError } from '../../core/errors.ts';

/**
 * Passwords are kept as argon2id. 19 MiB, 2 passes, 1 lane: OWASP's Password Storage Cheat Sheet; about 30 ms, in a
 * thread of its own.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const LEAST = 10;
const MOST = 200;

/** @throws AskerError where it is too short or too long */
export function hashPassword(password: string): Promise<string> {
  const length = [...password].length;
  if (length < LEAST || length > MOST) {
    throw new AskerError(`密码要有 ${LEAST} 到 ${MOST} 个字符。A password has ${LEAST} to ${MOST} characters.`);
  }
  return hash(password, COST);
}

let nobody: Promise<string> | undefined;

/** Takes as long where there is no password, so that nobody learns who has one. */
export async function verifyPassword(kept: string | null, password: string): Promise<boolean> {
  nobody ??= hash('nobody has this password', COST);
  const matches = await verify(kept ?? (await nobody), password);
  return kept !== null && matches;
}
