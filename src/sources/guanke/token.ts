import { createHash } from 'node:crypto';
import { SetupError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { Unwell } from '../patience.ts';
import { type Envelope, TOKEN_CODES, type Wire, type WireRequest } from './wire.ts';

/** A token is good for 30 days; renewed before, so that no question is lost on it. */
const LIFE_MS = 30 * 86_400_000 - 3_600_000;
const NAME = 'guanke.token';

/** How to sign in: by name and password, or by the secret of the vendor's console. */
export type GuankeSignIn = { username: string; password: string } | { secret: string };

/** A token, as the database keeps it. */
interface Kept {
  token: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Changes with the address and the account: another account's token is none. */
  account: string;
}

/**
 * Asks in the name of the account. The token lies in the database, so that a restart, the worker threads and other
 * processes go on with it. However many ask at once, this process signs in once; a question whose token is refused is
 * asked once again with a new one.
 * @returns what was asked, with code 200
 */
export function openAsk(
  signIn: GuankeSignIn,
  { base, wire, db, clock }: { base: string; wire: Wire; db: Database; clock: Clock },
): (request: Omit<WireRequest, 'token'>) => Promise<Envelope> {
  const account = createHash('sha256')
    .update(JSON.stringify([base, signIn]))
    .digest('hex');
  let signingIn: Promise<string> | undefined;
  let latest: Kept | undefined;

  const isGood = (kept: Kept | undefined): kept is Kept =>
    kept?.account === account && clock.now().getTime() - kept.at < LIFE_MS;

  async function signInNow(signal: AbortSignal): Promise<string> {
    const request: Pick<WireRequest, 'path' | 'query'> =
      'secret' in signIn
        ? { path: '/token/secret', query: { secret: signIn.secret } }
        : { path: '/token', query: { username: signIn.username, password: signIn.password } };
    const { code, message, data } = await wire({ ...request, signal });
    const token = (data as { token?: unknown } | null)?.token;
    if (code !== 200) throw new SetupError(`Guanke refuses the sign-in (code ${code}, ${message}): check GUANKE_*`);
    if (typeof token !== 'string' || token === '') throw new Unwell('the sign-in gave no token');
    latest = { token, at: clock.now().getTime(), account };
    await writeSetting(db, NAME, JSON.stringify(latest));
    return token;
  }

  /** @param refused a token that is no longer good */
  async function tokenFor(refused: string | undefined, signal: AbortSignal): Promise<string> {
    if (signingIn) return signingIn;
    if (isGood(latest) && latest.token !== refused) return latest.token;
    signingIn = (async () => {
      const text = await readSetting(db, NAME);
      const kept = text ? (JSON.parse(text) as Kept) : undefined;
      if (!isGood(kept) || kept.token === refused) return signInNow(signal);
      latest = kept;
      return kept.token;
    })().finally(() => {
      signingIn = undefined;
    });
    return signingIn;
  }

  return async (request) => {
    const token = await tokenFor(undefined, request.signal);
    let answer = await wire({ ...request, token });
    if (TOKEN_CODES.includes(answer.code)) {
      answer = await wire({ ...request, token: await tokenFor(token, request.signal) });
      // Others may have used it up meanwhile: a later try may be luckier.
      if (TOKEN_CODES.includes(answer.code)) throw new Unwell('Guanke refuses a token that it has just given');
    }
    if (answer.code !== 200) throw new Unwell(`code ${answer.code}: ${answer.message}`);
    return answer;
  };
}
