import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/core/time.ts';
import { type Answer, json, type SlackApi, slackApi } from './slack-api.ts';
import { type Kind, postSigned } from './slack-events.ts';
import { type SlackSocket, slackSocket } from './slack-socket.ts';

/** How the next calls go wrong, one after another. */
export type Trouble =
  /** `{"ok":false}` with this error. */
  | { kind: 'error'; error: string; delivered?: boolean }
  /** A gateway's answer without JSON. */
  | { kind: 'http'; status: number; headers?: Record<string, string>; delivered?: boolean }
  /** Done, never answered. */
  | { kind: 'hang' }
  /** The connection is cut once the request was read. */
  | { kind: 'reset'; delivered: boolean }
  /** Done, answered late. */
  | { kind: 'delay'; ms: number }
  /** Done, and the answer is half of the JSON. */
  | { kind: 'truncated' };

export interface SlackEmulator extends Pick<SlackApi, 'addChannel' | 'posted'> {
  /** To be used as `SLACK_API_URL`. */
  apiUrl: string;
  /** How often a method was called, refused calls included. */
  calls(method: string): number;
  /** `on`: a method, or `upload` for the bytes of a file; `chat.postMessage` if absent. */
  misbehave(trouble: Trouble, options?: { times?: number; on?: string }): void;
  /** A file that a person sent, as it stands in an event. */
  offer(name: string, bytes: Uint8Array): { id: string; name: string; size: number; url_private: string };
  socket: Pick<SlackSocket, 'connections' | 'push' | 'recycle' | 'drop'>;
  /** The next calls of `apps.connections.open` are answered with HTTP 500. */
  refuseConnections(times: number): void;
  /** Posts to our webhook, signed now, with Slack's repetitions. */
  post(url: string, kind: Kind, body: object): Promise<{ status: number; attempts: number; body: string }>;
  close(): Promise<void>;
}

/**
 * Slack's Web API, Socket Mode and event delivery on 127.0.0.1, as strict as the real one. The channels `C1` and `C2`
 * with the bot in them, and the people `U1`, `U2` and `U024BE7LH` are there.
 * @param options.ackMs how long an acknowledgement over Socket Mode may take; Slack gives 3 s
 */
export async function startSlackEmulator(options: {
  botToken: string;
  appToken: string;
  signingSecret: string;
  clock?: Pick<Clock, 'now'>;
  ackMs?: number;
}): Promise<SlackEmulator> {
  const { botToken, appToken, signingSecret, clock = systemClock('Asia/Shanghai') } = options;
  const offered = new Map<string, Buffer>();
  const troubles: { trouble: Trouble; on: string }[] = [];
  const counts = new Map<string, number>();
  let base = '';
  const socket = slackSocket(() => base, options.ackMs);
  const api = slackApi({ botToken, appToken, clock, base: () => base, ticket: () => socket.ticket() });

  function misbehave(trouble: Trouble, { times = 1, on = 'chat.postMessage' } = {}): void {
    for (let i = 0; i < times; i++) troubles.push({ trouble, on });
  }

  function takeTrouble(method: string): Trouble | undefined {
    const index = troubles.findIndex(({ on }) => on === method);
    return index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const payload = await buffer(request);
    const { authorization, 'content-type': type = '' } = request.headers;
    const [, place, name = '', id = ''] = /^\/(api|upload|files)\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
    if (place === 'files') return reply(response, download(name, authorization));
    if (!place || request.method !== 'POST') return reply(response, { status: 404, body: 'Not Found' });
    const method = place === 'api' ? name : 'upload';
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const normal = async () =>
      place === 'api'
        ? api.call(method, authorization, Object.fromEntries(new URLSearchParams(payload.toString())))
        : api.upload(id, type, payload);
    const trouble = takeTrouble(method);
    if (trouble) await goWrong(trouble, normal, request, response);
    else reply(response, await normal());
  }

  function download(id: string, authorization: string | undefined): Answer {
    const bytes = offered.get(id);
    if (!bytes) return { status: 404, body: 'no such file' };
    if (authorization === `Bearer ${botToken}`) {
      return { status: 200, body: bytes, headers: { 'content-type': 'application/octet-stream' } };
    }
    return { status: 200, body: '<html>sign in</html>', headers: { 'content-type': 'text/html; charset=utf-8' } };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.on('upgrade', (request, connection, head) => socket.upgrade(request, connection, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${base}/api/`,
    posted: api.posted,
    addChannel: api.addChannel,
    calls: (method) => counts.get(method) ?? 0,
    misbehave,
    offer(name, bytes) {
      const id = `F-OFFERED-${offered.size}`;
      offered.set(id, Buffer.from(bytes));
      return { id, name, size: bytes.length, url_private: `${base}/files/${id}/${encodeURIComponent(name)}` };
    },
    socket,
    refuseConnections: (times) => misbehave({ kind: 'http', status: 500 }, { times, on: 'apps.connections.open' }),
    post: (url, kind, body) =>
      postSigned(url, kind, body, { secret: signingSecret, seconds: Math.floor(clock.now().getTime() / 1000) }),
    async close() {
      socket.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function goWrong(
  trouble: Trouble,
  normal: () => Promise<Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (trouble.kind) {
    case 'error':
      if (trouble.delivered) await normal();
      return reply(response, json({ ok: false, error: trouble.error }));
    case 'http':
      if (trouble.delivered) await normal();
      return reply(response, { status: trouble.status, body: '<html>gateway</html>', headers: trouble.headers ?? {} });
    case 'hang':
      await normal();
      return;
    case 'reset':
      if (trouble.delivered) await normal();
      request.socket.destroy();
      return;
    case 'delay': {
      const late = await normal();
      await sleep(trouble.ms);
      return reply(response, late);
    }
    case 'truncated': {
      const whole = await normal();
      return reply(response, { ...whole, body: whole.body.slice(0, whole.body.length / 2) });
    }
  }
}

function reply(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, headers).end(body);
}
