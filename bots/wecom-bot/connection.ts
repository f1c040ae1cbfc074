import { WSClient } from '@wecom/aibot-node-sdk';
import type { Logger } from 'pino';

export interface ConnectionOptions {
  botId: string;
  secret: string;
  wsUrl: string | undefined;
  subscribeMs: number;
  log: Logger;
  /** Subscribed: frames may be sent. */
  onOpen(client: WSClient): void;
  /** No frame may be sent any more; at once, before `ended` resolves. */
  onClose(): void;
  /** A callback frame. */
  onFrame(frame: unknown): void;
}

/**
 * Why a connection ended. `taken`: another one was opened for the same bot. `refused`, `limited`: the subscription was.
 * `lost`: anything else. `dropped`: we ended it ourselves.
 */
export interface End {
  why: 'taken' | 'refused' | 'limited' | 'lost' | 'dropped';
  /** What was said, without secrets. */
  said: string;
}

export interface Connection {
  ended: Promise<End>;
  drop(said: string): void;
}

const LIMITS = new Set([45009, 45033, 846607]);

/**
 * One connection from opening to its end. The SDK makes it, subscribes and keeps its heartbeat, but may not reconnect:
 * it would give up, or go on after our lease has gone; so every try is a client of its own.
 */
export function connect({
  botId,
  secret,
  wsUrl,
  subscribeMs,
  log,
  onOpen,
  onClose,
  onFrame,
}: ConnectionOptions): Connection {
  let resolve: (end: End) => void = () => undefined;
  const ended = new Promise<End>((settle) => {
    resolve = settle;
  });
  const scrub = (text: string) => text.replaceAll(secret, '…').slice(0, 300);
  const client = new WSClient({
    botId,
    secret,
    ...(wsUrl !== undefined && { wsUrl }),
    wsOptions: { handshakeTimeout: subscribeMs },
    maxReconnectAttempts: 0,
    maxAuthFailureAttempts: 0,
    logger: quiet(log, scrub),
  });
  let said = '';
  let why: End['why'] = 'lost';
  let over = false;
  const finish = (end: End): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    onClose();
    client.removeAllListeners();
    client.disconnect();
    resolve({ ...end, said: scrub(end.said) });
  };
  const timer = setTimeout(() => finish({ why: 'lost', said: 'the subscription was not answered' }), subscribeMs);

  client.on('authenticated', () => {
    clearTimeout(timer);
    if (!over) onOpen(client);
  });
  client.on('error', (error) => {
    const code = /Authentication failed: .*\(code: (-?\d+)\)/s.exec(error.message)?.[1];
    if (code !== undefined && Number(code) !== -1) why = LIMITS.has(Number(code)) ? 'limited' : 'refused';
    if (error.message.startsWith('Max ')) return finish({ why, said });
    said = error.message;
  });
  client.on('message', onFrame);
  client.on('event', (frame) => {
    if (frame.body?.event?.eventtype === 'disconnected_event') why = 'taken';
    else onFrame(frame);
  });
  client.on('disconnected', (reason) => {
    if (reason.startsWith('New connection established')) why = 'taken';
    finish({ why, said: said || reason });
  });
  client.connect();
  return { ended, drop: (reason) => finish({ why: 'dropped', said: reason }) };
}

/** The SDK's log without its arguments, which hold whole frames. */
function quiet(log: Logger, scrub: (text: string) => string) {
  const debug = (message: string) => log.debug(scrub(message.replace(/(?:, body=|ignored\):).*$/s, '')));
  return { debug: () => undefined, info: debug, warn: debug, error: debug };
}
