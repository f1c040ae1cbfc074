import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/core/time.ts';
import { type EmulatedCard, Failed, type Given, readParameters, resultOf } from './metabase-cards.ts';

export type { EmulatedCard } from './metabase-cards.ts';

const SESSION_MS = 14 * 86_400_000;
/** Wrong sign-ins of one name before Metabase makes it wait. */
const TRIES = 10;
const WAIT_SECONDS = 15;
const SHOWN_ROWS = 2_000;

/** How the next calls go wrong, one after another. */
export type MetabaseTrouble =
  | { kind: 'http'; status: number; headers?: Record<string, string> }
  /** 202 with `status: "failed"`. */
  | { kind: 'failed'; error: string }
  /** A gateway's sign-in page, as 200. */
  | { kind: 'page' }
  | { kind: 'truncated' }
  | { kind: 'reset' }
  | { kind: 'hang' }
  | { kind: 'delay'; ms: number }
  /** 202 with no rows at all. */
  | { kind: 'empty' };

type Endpoint = 'session' | 'query' | 'export';

export interface MetabaseEmulator {
  url: string;
  /** What was asked, in order: `session`, `query 7`, `export 7`. */
  readonly asked: readonly string[];
  misbehave(trouble: MetabaseTrouble, options?: { times?: number; on?: Endpoint }): void;
  /** Every session is unknown from now on. */
  forgetSessions(): void;
  close(): Promise<void>;
}

/**
 * A Metabase on 127.0.0.1: sessions of 14 days, keys, throttled sign-ins, cards with parameters, `/query` that answers 202
 * (failures too) and cuts after 2,000 rows, `/query/json` whose rows are named by heading.
 */
export async function startMetabaseEmulator(options: {
  cards: Readonly<Record<number, EmulatedCard>>;
  account?: { username: string; password: string };
  apiKey?: string;
  clock?: Pick<Clock, 'now'>;
}): Promise<MetabaseEmulator> {
  const { cards, apiKey } = options;
  const account = options.account ?? { username: 'fieldbell@example.com', password: 'secret' };
  const clock = options.clock ?? systemClock('Asia/Shanghai');
  const sessions = new Map<string, number>();
  const wrongTries = new Map<string, { count: number; last: number }>();
  const troubles: { trouble: MetabaseTrouble; on: Endpoint }[] = [];
  const asked: string[] = [];

  function signIn(body: string): Reply {
    const { username = '', password } = JSON.parse(body) as { username?: string; password?: string };
    const now = clock.now().getTime();
    const wrong = wrongTries.get(username) ?? { count: 0, last: 0 };
    if (wrong.count >= TRIES && now - wrong.last < WAIT_SECONDS * 1_000) {
      const left = Math.ceil((WAIT_SECONDS * 1_000 - (now - wrong.last)) / 1_000);
      return json(400, {
        errors: { username: `Too many attempts! You must wait ${left} seconds before trying again.` },
      });
    }
    if (username !== account.username || password !== account.password) {
      wrongTries.set(username, { count: wrong.count + 1, last: now });
      return json(401, { errors: { password: 'did not match stored password' } });
    }
    const id = crypto.randomUUID();
    sessions.set(id, now);
    return json(200, { id });
  }

  function known({ headers }: IncomingMessage): boolean {
    if (apiKey !== undefined && headers['x-api-key'] === apiKey) return true;
    const since = sessions.get(String(headers['x-metabase-session']));
    return since !== undefined && clock.now().getTime() - since < SESSION_MS;
  }

  function query(id: number, given: Given[], empty: boolean): Reply {
    const card = cards[id];
    if (!card) return plain(404, 'Not found.');
    try {
      const all = empty ? [] : resultOf(card, given);
      const rows = all.slice(0, SHOWN_ROWS);
      return json(202, {
        data: {
          rows: rows.map((row) => card.columns.map(({ name }) => row[name] ?? null)),
          cols: card.columns.map(({ name, heading }) => ({ name, display_name: heading ?? name, base_type: 'type/*' })),
          ...(all.length > SHOWN_ROWS && { rows_truncated: SHOWN_ROWS }),
          native_form: { query: 'SELECT …' },
        },
        row_count: rows.length,
        status: 'completed',
        context: 'question',
        running_time: 12,
      });
    } catch (error) {
      if (error instanceof Failed) return failed(error.message, error.type);
      throw error;
    }
  }

  function exportJson(id: number, given: Given[]): Reply {
    const card = cards[id];
    if (!card) return plain(404, 'Not found.');
    if (card.export === false) return plain(403, "You don't have permissions to do that.");
    try {
      const rows = resultOf(card, given).map((row) =>
        Object.fromEntries(card.columns.map(({ name, heading }) => [heading ?? name, row[name] ?? null])),
      );
      return json(200, rows);
    } catch (error) {
      if (error instanceof Failed) return { ...failed(error.message, error.type), status: 200 };
      throw error;
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const [, session, card, exporting] =
      /^\/api\/(?:(session)\/?|card\/(\d+)\/query(\/json)?)$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || (!session && !card))
      return reply(response, plain(404, 'API endpoint does not exist.'));
    const endpoint: Endpoint = session ? 'session' : exporting ? 'export' : 'query';
    asked.push(card ? `${endpoint} ${card}` : endpoint);
    const at = troubles.findIndex(({ on }) => on === endpoint);
    const trouble = at < 0 ? undefined : troubles.splice(at, 1)[0]?.trouble;
    const normal = (): Reply => {
      if (session) return signIn(body);
      if (!known(request)) return plain(401, 'Unauthenticated');
      const given = readParameters(body, String(request.headers['content-type']));
      return exporting ? exportJson(Number(card), given) : query(Number(card), given, trouble?.kind === 'empty');
    };
    switch (trouble?.kind) {
      case 'http':
        return reply(response, { ...plain(trouble.status, '<html>gateway</html>'), headers: trouble.headers ?? {} });
      case 'failed':
        return reply(response, failed(trouble.error));
      case 'page':
        return reply(response, { status: 200, body: '<!doctype html><title>Sign in</title>' });
      case 'truncated': {
        const { body: whole, ...rest } = normal();
        return reply(response, { ...rest, body: whole.slice(0, whole.length / 2) });
      }
      case 'reset':
        request.socket.destroy();
        return;
      case 'hang':
        return;
      case 'delay':
        await sleep(trouble.ms);
        return reply(response, normal());
      default:
        return reply(response, normal());
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    misbehave(trouble, { times = 1, on = 'query' } = {}) {
      for (let i = 0; i < times; i++) troubles.push({ trouble, on });
    },
    forgetSessions: () => sessions.clear(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Reply {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

function failed(error: string, error_type = 'db'): Reply {
  return json(202, {
    status: 'failed',
    class: 'class java.sql.SQLException',
    error,
    error_type,
    data: { rows: [], cols: [] },
  });
}

/** Long ids are given as text and written as numbers, as Metabase does with a bigint column. */
function json(status: number, body: unknown): Reply {
  const written = JSON.stringify(body).replace(/"bigint:(\d+)"/g, '$1');
  return { status, body: written, headers: { 'content-type': 'application/json;charset=utf-8' } };
}

function plain(status: number, body: string): Reply {
  return { status, body };
}

function reply(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, headers).end(body);
}
