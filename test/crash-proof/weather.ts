import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastClock } from './clock.ts';
import type { Destination, WireAnswer } from './destination.ts';
import type { Fault, Stage } from './plan.ts';

/** The way between the service and the platforms: everything passes through it, and some of it goes wrong. */
export interface Weather {
  url: string;
  /** The next call that says something on this platform goes wrong. */
  spoil(scheme: string, fault: Fault): void;
  /** Nothing goes wrong any more. */
  clear(): void;
  /** Calls which a platform itself answered with "too often". */
  overLimit(): readonly string[];
  /** Faults that came about, by kind. */
  counts(): Readonly<Record<string, number>>;
  /** Told of every call that says something, as it goes on. */
  onCall(listener: (stage: Stage) => void): void;
  close(): Promise<void>;
}

/** Ends a call that only listens (long polling) when nobody waits for its answer any more. */
function endOf(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
}

export async function openWeather(destinations: readonly Destination[], clock: FastClock): Promise<Weather> {
  const waiting = new Map<string, Fault[]>(destinations.map(({ scheme }) => [scheme, []]));
  const overLimit: string[] = [];
  const counts: Record<string, number> = {};
  let listener: (stage: Stage) => void = () => {};

  async function pass(
    to: Destination,
    request: IncomingMessage,
    body: Buffer,
    signal?: AbortSignal,
  ): Promise<WireAnswer> {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
    const init = {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
      ...(signal && { signal }),
    };
    const response = await fetch(`${to.serves?.url}${request.url}`, init);
    const type = response.headers.get('content-type');
    const answer = {
      status: response.status,
      headers: type ? { 'content-type': type } : {},
      body: await response.text(),
    };
    if (to.isOverLimit?.(answer)) overLimit.push(`${to.scheme}: ${body.toString().slice(0, 200)}`);
    return answer;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const body = await buffer(request);
    const to = destinations.find(({ serves }) => serves?.path.test(path));
    if (!to) return void response.writeHead(404).end('Not Found');
    const says = to.sends?.test(path) ?? false;
    const tell = (stage: Stage) => says && listener(stage);
    const reply = ({ status, headers, body: said }: WireAnswer) => {
      response.writeHead(status, headers).end(said);
      tell('answered');
    };
    const take = async (signal?: AbortSignal) => {
      const answer = await pass(to, request, body, signal);
      tell('taken');
      return answer;
    };
    tell('came in');
    const fault = says ? waiting.get(to.scheme)?.shift() : undefined;
    if (!fault) return reply(await take(says ? undefined : endOf(response)));
    counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    const busy = { status: 503, headers: {}, body: '' };
    switch (fault.kind) {
      case 'busy':
        return reply(to.busy ?? busy);
      case 'limited':
        return reply(to.limited ?? busy);
      case 'http': {
        if (fault.accepted) await take();
        const headers = { ...(fault.retryAfter && { 'retry-after': String(fault.retryAfter) }) };
        return reply({ status: fault.status, headers, body: '<html>gateway</html>' });
      }
      case 'hang':
        await take();
        return;
      case 'reset':
        if (fault.accepted) await take();
        request.socket.destroy();
        return;
      case 'late': {
        const answer = await take();
        await sleep(fault.ms / clock.speed);
        return reply(answer);
      }
    }
  }

  const server = createServer((request, response) => {
    // Who asked may be dead by now; what he asked was done.
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoil(scheme, fault) {
      const to = destinations.find((one) => one.scheme === scheme);
      if (!to?.spoil) return void waiting.get(scheme)?.push(fault);
      counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
      to.spoil(fault);
    },
    clear() {
      for (const { behave } of destinations) behave?.();
      for (const faults of waiting.values()) faults.length = 0;
    },
    overLimit: () => overLimit,
    counts: () => counts,
    onCall(listen) {
      listener = listen;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
