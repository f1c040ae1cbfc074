import { SetupError, UpstreamError } from '../../core/errors.ts';
import type { Session } from './session.ts';
import type { Wire, WireAnswer } from './wire.ts';

/** Asks in the name of the account: by key, or by a session that is renewed at once where Metabase no longer knows it. */
export type AskSignedIn = (
  path: string,
  body: unknown,
  options: { signal: AbortSignal; form?: boolean },
) => Promise<WireAnswer>;

export function askByKey(wire: Wire, apiKey: string): AskSignedIn {
  return async (path, body, options) => {
    const answer = await wire.post(path, body, { ...options, headers: { 'x-api-key': apiKey } });
    if (answer.status === 401) throw new SetupError('Metabase refuses the key: check METABASE_API_KEY');
    return answer;
  };
}

export function askBySession(wire: Wire, session: Session): AskSignedIn {
  return async (path, body, options) => {
    const ask = (id: string) => wire.post(path, body, { ...options, headers: { 'x-metabase-session': id } });
    const id = await session.id(undefined, options.signal);
    const answer = await ask(id);
    if (answer.status !== 401) return answer;
    const again = await ask(await session.id(id, options.signal));
    if (again.status === 401) throw new UpstreamError('Metabase does not know a session that it has just given');
    return again;
  };
}
