import { createHash } from 'node:crypto';
import { SetupError } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import { Unwell } from '../patience.ts';
import type { Wire } from './wire.ts';

/** Metabase keeps a session for 14 days; renewed before, so that no question is lost on it. */
const LIFE_MS = 14 * 86_400_000 - 3_600_000;
const NAME = 'metabase.session';

/** A session that was signed in, as the database keeps it. */
interface Kept {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Changes with the address and the account: another account's session is no session. */
  account: string;
}

export interface Session {
  /** The id of a session that should be good. `refused`: one that Metabase no longer knows. */
  id(refused: string | undefined, signal: AbortSignal): Promise<string>;
}

/**
 * The session of a name and password. It lies in the database alone, so that a restart and the other processes go on with
 * it. However many ask at once, this process signs in once.
 */
export function openSession(
  account: { username: string; password: string },
  { wire, db, clock }: { wire: Wire; db: Database; clock: Clock },
): Session {
  const mark = createHash('sha256').update(`${wire.base}\n${account.username}\n${account.password}`).digest('hex');
  let signingIn: Promise<string> | undefined;
  /** What this process signed in last: what another question read from the database may be older. */
  let latest: Kept | undefined;

  const isGood = ({ at }: Kept) => clock.now().getTime() - at < LIFE_MS;

  async function kept(): Promise<string | undefined> {
    const text = await readSetting(db, NAME);
    const session = text ? (JSON.parse(text) as Kept) : undefined;
    if (session?.account !== mark) return undefined;
    return isGood(session) ? session.id : undefined;
  }

  async function signIn(signal: AbortSignal): Promise<string> {
    const answer = await wire.post('/api/session', account, { signal });
    const body = answer.json() as { id?: unknown; errors?: Record<string, string> } | undefined;
    if (answer.status === 200 && typeof body?.id === 'string') {
      const session: Kept = { id: body.id, at: clock.now().getTime(), account: mark };
      latest = session;
      await writeSetting(db, NAME, JSON.stringify(session));
      return session.id;
    }
    const said = Object.values(body?.errors ?? {}).join('; ');
    const wait = /wait (\d+) seconds/.exec(said)?.[1];
    if (wait) throw new Unwell(`Metabase takes no sign-in for ${wait} s: too many attempts`, Number(wait) * 1_000);
    throw new SetupError(
      `Metabase refuses the sign-in (HTTP ${answer.status}): check METABASE_USERNAME and METABASE_PASSWORD`,
    );
  }

  return {
    async id(refused, signal) {
      const known = signingIn ? undefined : await kept();
      if (known && known !== refused) return known;
      if (!signingIn && latest && isGood(latest) && latest.id !== refused) return latest.id;
      signingIn ??= signIn(signal).finally(() => {
        signingIn = undefined;
      });
      return signingIn;
    },
  };
}
