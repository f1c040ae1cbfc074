import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';

export type Envelope = 'events_api' | 'slash_commands' | 'interactive';

/** What a client made of an envelope. */
export interface Acknowledged {
  /** How often it was sent. */
  attempts: number;
  payload: unknown;
}

export interface SlackSocket {
  /** A one-time address, as `apps.connections.open` gives. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  /**
   * Sends an envelope, and sends it again where it is not acknowledged in time, three times at most. Waits for a
   * connection where there is none.
   */
  push(type: Envelope, payload: object): Promise<Acknowledged>;
  /** Asks the clients to connect anew, as Slack does every few hours. */
  recycle(reason?: string): void;
  /** Cuts the connections without a word. */
  drop(): void;
  close(): void;
}

const ATTEMPTS = 3;

/** The server's side of Socket Mode. `ackMs`: how long an acknowledgement may take; Slack gives 3 s. */
export function slackSocket(base: () => string, ackMs = 3000): SlackSocket {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open = new Set<WebSocket>();
  const waiting = new Map<string, (payload: unknown) => void>();
  let count = 0;
  let closed = false;

  server.on('connection', (socket) => {
    open.add(socket);
    const pings = setInterval(() => socket.ping(), 5000);
    socket.on('close', () => {
      clearInterval(pings);
      open.delete(socket);
    });
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload?: unknown };
      waiting.get(envelope_id)?.(payload);
    });
    const debug_info = { host: 'applink-1', build_number: 1, approximate_connection_time: 18_060 };
    socket.send(
      JSON.stringify({ type: 'hello', num_connections: open.size, debug_info, connection_info: { app_id: 'A1' } }),
    );
  });

  async function connection(): Promise<WebSocket> {
    for (;;) {
      const socket = [...open].find(({ readyState }) => readyState === 1);
      if (socket) return socket;
      if (closed) throw new Error('the emulator is closed');
      await sleep(10);
    }
  }

  return {
    ticket() {
      const ticket = crypto.randomUUID();
      tickets.add(ticket);
      return `${base().replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=A1`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) return void socket.destroy();
      server.handleUpgrade(request, socket, head, (ready) => server.emit('connection', ready, request));
    },
    connections: () => open.size,
    async push(type, payload) {
      for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
        const envelope_id = `envelope-${++count}`;
        const socket = await connection();
        const answered = new Promise<{ payload: unknown }>((resolve) => {
          waiting.set(envelope_id, (answer) => resolve({ payload: answer }));
        });
        const retry = { retry_attempt: attempts - 1, retry_reason: attempts > 1 ? 'timeout' : '' };
        const accepts_response_payload = type !== 'events_api';
        socket.send(
          JSON.stringify({
            envelope_id,
            type,
            accepts_response_payload,
            ...(!accepts_response_payload && retry),
            payload,
          }),
        );
        const done = await Promise.race([answered, sleep(ackMs, undefined)]);
        waiting.delete(envelope_id);
        if (done) return { attempts, payload: done.payload };
      }
      throw new Error(`nobody acknowledged in ${ATTEMPTS} attempts`);
    },
    recycle(reason = 'refresh_requested') {
      for (const socket of open) socket.send(JSON.stringify({ type: 'disconnect', reason }));
    },
    drop() {
      for (const socket of open) socket.terminate();
    },
    close() {
      closed = true;
      for (const socket of open) socket.terminate();
      server.close();
    },
  };
}
