import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WSClient } from '@wecom/aibot-node-sdk';
import type { Logger } from 'pino';
import { deadline } from '../../src/core/deadline.ts';
import { messageOf } from '../../src/core/errors.ts';
import type { Leases } from '../../src/core/lease.ts';
import type { Clock } from '../../src/core/time.ts';
import { type Connection, connect, type End } from './connection.ts';
import { delayOf, type Timings } from './timings.ts';

export interface SupervisorOptions {
  botId: string;
  secret: string;
  wsUrl: string | undefined;
  leases: Leases;
  clock: Clock;
  log: Logger;
  alarm(text: string): void;
  timings: Timings;
  onFrame(frame: unknown): void;
}

export interface Supervisor {
  /** Resolves after the first try, whether it connected or not; goes on by itself. */
  start(): Promise<void>;
  /** Closes the connection and gives up the lease. */
  stop(): Promise<void>;
  health(): string;
  /** The subscribed client, waited for a moment while it is being made; undefined where there is none. */
  client(signal?: AbortSignal): Promise<WSClient | undefined>;
  /** This client's socket is open, but the platform knows no subscription: makes another. */
  replace(client: WSClient): void;
  /** Whether another process of ours holds the connection. */
  standsAside(): boolean;
}

/** The lease on a bot's one connection. */
export function leaseName(botId: string): string {
  return `wecom-bot/${botId}`;
}

/**
 * Keeps the one connection that a bot may have. Which of our processes may have it is a lease, renewed as long as we run;
 * so when the platform ends the connection because another one was opened, and the lease is still ours, then somebody
 * else's process uses this bot. Taking the connection back at once would make the two end each other's for ever.
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { leases, clock, log, timings } = options;
  const name = leaseName(options.botId);
  const stopping = new AbortController();
  let token: number | null = null;
  let heldAt = 0;
  let state = 'not started';
  let aside = false;
  /** Not connected, and not to be for minutes: nothing need wait for it. */
  let resting = false;
  let connection: Connection | undefined;
  let open: WSClient | undefined;
  /** `open`: subscribed, or never any more. `tried`: a first try has come to its end. */
  const news = new EventEmitter().setMaxListeners(0);
  let running: Promise<void> | undefined;
  const failures = { lost: 0, refused: 0, limited: 0, taken: 0 };

  const now = () => clock.now().getTime();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  /** Takes or renews the lease. A database that does not answer takes nothing away before the lease has run out. */
  async function hold(): Promise<number | null> {
    try {
      const held = await leases.hold(name, timings.leaseMs);
      if (held !== null) heldAt = now();
      return held;
    } catch (error) {
      log.warn({ why: messageOf(error) }, 'the lease on the WeCom connection could not be renewed');
      return now() - heldAt < timings.leaseMs ? token : null;
    }
  }

  async function renew(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(timings.leaseMs / 3);
      if (token === null || stopping.signal.aborted) continue;
      const held = await hold();
      if (held === token) continue;
      token = held;
      connection?.drop('the lease has gone to another process');
    }
  }

  async function connectOnce(): Promise<End & { lasted: number }> {
    let since: number | undefined;
    state = 'connecting';
    resting = false;
    connection = connect({
      ...options,
      subscribeMs: timings.subscribeMs,
      onOpen(client) {
        since = now();
        open = client;
        state = 'ok';
        news.emit('open');
        news.emit('tried');
        log.info('connected to WeCom');
      },
      onClose() {
        open = undefined;
      },
    });
    const end = await connection.ended;
    connection = undefined;
    return { ...end, lasted: since === undefined ? 0 : now() - since };
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      token = await hold();
      aside = token === null;
      if (aside) {
        state = 'another process of ours holds the connection';
        news.emit('tried');
        await pause(timings.leaseRetryMs * (0.75 + Math.random() / 2));
        continue;
      }
      const before = token;
      const end = await connectOnce();
      news.emit('tried');
      if (stopping.signal.aborted) return;
      await afterwards(end, before);
    }
  }

  async function afterwards(end: End & { lasted: number }, before: number | null): Promise<void> {
    if (end.lasted >= timings.stableMs) failures.lost = failures.refused = failures.limited = 0;
    if (end.lasted >= timings.peaceMs) failures.taken = 0;
    state = `not connected: ${end.said}`;
    // Between processes of ours the lease decides; the loop asks for it.
    if (end.why === 'dropped' && token !== before) return;
    if (end.why === 'taken') return await afterTaken(before);
    const why = end.why === 'dropped' ? 'lost' : end.why;
    if (why === 'refused') state = `WeCom refuses WECOM_BOT_ID or WECOM_BOT_SECRET (${end.said}): correct them`;
    if (why === 'limited') state = `WeCom wants fewer connections (${end.said})`;
    const ms =
      end.why === 'dropped' && failures.lost === 0
        ? 0
        : delayOf(timings[why === 'lost' ? 'reconnect' : why], failures[why]);
    failures[why]++;
    resting = why !== 'lost';
    log[why === 'refused' ? 'error' : 'warn']({ why: end.said, againInMs: Math.round(ms) }, 'no connection to WeCom');
    await pause(ms);
  }

  async function afterTaken(before: number | null): Promise<void> {
    token = await hold();
    if (token === null || token !== before) return;
    const ms = delayOf(timings.taken, failures.taken++);
    resting = true;
    state = 'a process that is not ours uses this bot and took the connection';
    log.error({ againInMs: Math.round(ms) }, state);
    if (failures.taken === 1) {
      options.alarm(
        `企业微信智能机器人的长连接被别的程序占用了（同一个机器人只能有一个连接）。我先让开，约 ${minutes(ms)} 分钟后再试；请关掉那个程序，或给它另建一个机器人。\n` +
          `Another program took the long connection of the WeCom bot (a bot may have one). I stand aside and try again in about ${minutes(ms)} min; stop that program, or give it a bot of its own.`,
      );
    }
    await pause(ms);
  }

  return {
    async start() {
      if (running) return;
      const tried = once(news, 'tried');
      running = Promise.all([run(), renew()]).then(() => undefined);
      await tried;
    },
    async stop() {
      stopping.abort();
      news.emit('tried');
      news.emit('open');
      connection?.drop('stopped');
      await running;
      state = 'stopped';
      if (token === null) return;
      token = null;
      await leases
        .release(name)
        .catch((error: unknown) => log.warn({ why: messageOf(error) }, 'the lease could not be given up'));
    },
    health: () => state,
    async client(signal) {
      if (open || !running || aside || resting || stopping.signal.aborted) return open;
      const wait = deadline(timings.connectWaitMs, signal);
      await once(news, 'open', { signal: wait.signal }).catch(() => undefined);
      wait.release();
      return open;
    },
    replace(client) {
      if (client === open) connection?.drop('WeCom has lost the subscription of the open connection (846609)');
    },
    standsAside: () => aside,
  };
}

function minutes(ms: number): string {
  return (ms / 60_000).toFixed(ms < 60_000 ? 1 : 0);
}
