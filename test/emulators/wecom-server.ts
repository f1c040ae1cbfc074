import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/core/time.ts';
import { Refused } from './wecom-robot-rules.ts';

/** How the next calls go wrong, one after another. */
export type Trouble =
  /** An answer with this code; nothing is delivered. -1 is "system busy". */
  | { kind: 'errcode'; errcode: number }
  /** A gateway's answer without JSON. */
  | { kind: 'http'; status: number; headers?: Record<string, string>; delivered?: boolean }
  /** Delivered, never answered. */
  | { kind: 'hang' }
  /** The connection is cut once the request was read. */
  | { kind: 'reset'; delivered: boolean }
  /** Delivered, answered late. */
  | { kind: 'delay'; ms: number }
  /** Delivered, and the answer is half of the JSON. */
  | { kind: 'truncated' };

export interface Answer {
  status: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

/** A call as it came. */
export interface WecomRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  payload: Buffer;
}

export interface WecomServer<Endpoint extends string> {
  url: string;
  misbehave(trouble: Trouble, options?: { times?: number; on?: Endpoint }): void;
  close(): Promise<void>;
}

const SAID: Record<number, string> = {
  [-1]: 'system busy',
  40014: 'invalid access_token',
  42001: 'access_token expired',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
};

/**
 * A server of `/cgi-bin/…` on 127.0.0.1: it answers HTTP 200 with errcodes as WeCom does, and goes wrong as told.
 * @param endpoints from path to name, e.g. `/cgi-bin/gettoken`; the first is where trouble comes unless told
 * @param answer may throw Refused
 */
export async function startWecomServer<Endpoint extends string>(options: {
  clock: Pick<Clock, 'now'>;
  endpoints: Readonly<Record<string, Endpoint>>;
  answer(endpoint: Endpoint, request: WecomRequest): Answer;
}): Promise<WecomServer<Endpoint>> {
  const { clock, endpoints } = options;
  const troubles: { trouble: Trouble; on: Endpoint | undefined }[] = [];
  const [usual] = Object.values(endpoints);
  let calls = 0;

  function answer(endpoint: Endpoint, request: WecomRequest): Answer {
    try {
      return options.answer(endpoint, request);
    } catch (error) {
      if (error instanceof Refused) return refused(error.errcode, error.message);
      throw error;
    }
  }

  function refused(errcode: number, errmsg: string): Answer {
    const hint = `${clock.now().getTime()}${String(++calls).padStart(8, '0')}`;
    const tail = `hint: [${hint}], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
    return json({ errcode, errmsg: `${errmsg}, ${tail}` });
  }

  function takeTrouble(endpoint: Endpoint): Trouble | undefined {
    const index = troubles.findIndex(({ on }) => on === endpoint);
    return index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const payload = await buffer(request);
    const endpoint = endpoints[url.pathname];
    if (!endpoint) return reply(response, { status: 404, body: 'Not Found' });
    const normal = () => answer(endpoint, { method: request.method ?? 'GET', url, headers: request.headers, payload });
    const trouble = takeTrouble(endpoint);
    switch (trouble?.kind) {
      case undefined:
        return reply(response, normal());
      case 'errcode':
        return reply(response, refused(trouble.errcode, SAID[trouble.errcode] ?? 'refused'));
      case 'http':
        if (trouble.delivered) normal();
        return reply(response, {
          status: trouble.status,
          body: '<html>gateway</html>',
          headers: trouble.headers ?? {},
        });
      case 'hang':
        normal();
        return;
      case 'reset':
        if (trouble.delivered) normal();
        request.socket.destroy();
        return;
      case 'delay': {
        const late = normal();
        await sleep(trouble.ms);
        return reply(response, late);
      }
      case 'truncated': {
        const { body, ...rest } = normal();
        return reply(response, { ...rest, body: body.slice(0, body.length / 2) });
      }
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    misbehave(trouble, { times = 1, on = usual } = {}) {
      for (let i = 0; i < times; i++) troubles.push({ trouble, on });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export function json(body: object): Answer {
  return { status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=UTF-8' } };
}

function reply(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, headers).end(body);
}
