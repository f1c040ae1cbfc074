import { crashPoint } from '../../core/crash-point.ts';
import { messageOf } from '../../core/errors.ts';
import type { OutboxStats } from '../../core/outbox.ts';
import { schemeOf } from '../../core/platform.ts';
import { openLeases } from '../leases/leases.ts';
import { createAlarm } from './alarm.ts';
import { type DeliveryTools, recover } from './deliver.ts';
import { openDestinations } from './destination/destinations.ts';
import { departedBy, forgetDepartures } from './destination/store.ts';
import { forecast } from './forecast.ts';
import { openLines } from './lines.ts';
import { KEPT_MS } from './pace.ts';
import { runLine, type Until } from './runner.ts';
import * as store from './store.ts';
import { createWriter } from './writes/writer.ts';

/** How often the outbox is looked at when nobody wakes it: letters may come from another process. */
const LOOK_MS = 500;
/** One process dispatches at a time. Renewed at every look; after a crash elsewhere another one takes over in this time. */
const LEASE_MS = 4000;
/** For so long a process that cannot send everything leaves the outbox to others; if none takes it, it goes on. */
const YIELD_MS = 2 * LOOK_MS + 500;
const YIELD_AGAIN_MS = 60_000;
/** Lines of one scheme that are sent to at once: a platform that hangs takes no place of another's. */
const MAX_LINES = 64;
/** Names that are looked up together. */
const NAMES = 500;
/** A letter is posted within a transaction and cannot be seen before its end: look again so many milliseconds later. */
const AGAIN_MS = 20;

/** Sends what is due, for ever. */
export interface Dispatcher {
  start(): Promise<void>;
  /** Something was queued. */
  wake(): void;
  /** Channels were edited: what waits is looked up again. */
  rulesChanged(): void;
  /** Sends all that is due now; for tests and for the command line. Resolves when nothing more is due. */
  drain(): Promise<void>;
  stop(): Promise<void>;
  /** How many letters wait, and when the last of them will be out. */
  forecast(): Promise<OutboxStats>;
}

/** @param alive whether a runner may still live; of one that does not, the work is taken over at once */
export function createDispatcher(tools: DeliveryTools, alive: (runner: string) => boolean): Dispatcher {
  const { db, clock, log, rules, people, platforms, pace, runner } = tools;
  const leases = openLeases(db, clock, runner, alive);
  const destinations = openDestinations(db, clock);
  const lines = openLines({ people, rules, destinations, platforms });
  const now = () => clock.now().getTime();
  let lease: { token: number; until: number } | undefined;
  /** Another process should send: this one stops, gives the lease up, and rests until then. */
  let yielding = false;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let keepsUntil = Number.NEGATIVE_INFINITY;
  let stopped = false;
  let turn = 0;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  let again = false;
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  let second: NodeJS.Timeout | undefined;
  /** By scheme. */
  const ready = new Map<string, Set<string>>();
  const busy = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const waits = new Map<string, Until & { turn: number }>();
  const inFlight = new Set<number>();
  const delivery = {
    ...tools,
    destinations,
    lines,
    inFlight,
    alarm: createAlarm(db, clock, rules),
    writer: createWriter(db, clock, runner, () => lease?.token ?? 0),
    halted: () => stopped || yielding || !lease || lease.until <= now(),
    turn: () => turn,
  };

  /** Whether this process dispatches. When it begins to, it first finds out how things stand. */
  async function held(): Promise<boolean> {
    if (restsUntil > now()) return false;
    if (lease && lease.until - now() > LEASE_MS * 0.8) return true;
    const until = now() + LEASE_MS;
    const token = await leases.hold('outbox', LEASE_MS);
    if (token === null) {
      lease = undefined;
      return false;
    }
    const fresh = lease?.token !== token;
    lease = { token, until };
    if (fresh) {
      checkedAt = Number.NEGATIVE_INFINITY;
      await takeOver();
    }
    return true;
  }

  /** Whether another process has the one connection of a platform: it should be the one that sends. */
  async function isMisplaced(): Promise<boolean> {
    if (!started || keepsUntil > now()) return false;
    const names = [...platforms.values()].flatMap(({ connectionLease }) => connectionLease ?? []);
    const elsewhere = await Promise.all(names.map((name) => leases.heldElsewhere(name)));
    return elsewhere.includes(true);
  }

  /** Leaves the outbox to others once nothing is under way here. */
  async function yieldLease(): Promise<void> {
    if (running.size > 0) return;
    log.info('another process has a connection that this one lacks: the outbox is left to it');
    lease = undefined;
    yielding = false;
    restsUntil = now() + YIELD_MS;
    keepsUntil = now() + YIELD_AGAIN_MS;
    await leases.release('outbox');
  }

  async function takeOver(): Promise<void> {
    waits.clear();
    await destinations.load();
    await recoverOrphans();
    await pace.load();
    crashPoint('dispatch taken over');
  }

  async function recoverOrphans(): Promise<void> {
    // What was claimed while this was asked is in flight by now.
    const orphans = (await store.lettersInFlight(db)).filter(({ seq }) => !inFlight.has(seq));
    if (orphans.length === 0) return;
    const seqs = orphans.map(({ seq }) => seq);
    crashPoint('half sent found');
    await departedBy(db, seqs, clock.now());
    const platformOf = (letter: store.LetterRow) => {
      const line = letter.address ? lines.open(letter.address) : undefined;
      return line?.platform ?? platforms.get(schemeOf(letter.address ?? letter.to));
    };
    await recover(orphans, platformOf, delivery);
    crashPoint('half sent settled');
  }

  /** What is done now and then. */
  async function check(): Promise<void> {
    if (now() - checkedAt < 2 * LOOK_MS) return;
    checkedAt = now();
    yielding = await isMisplaced();
    await recoverOrphans();
    await destinations.load();
    await store.expireLetters(db, clock.now());
    await forgetDepartures(db, new Date(now() - KEPT_MS));
  }

  /** Names become lines. */
  async function lookUp(): Promise<void> {
    for (;;) {
      const names = await store.unresolvedNames(db, NAMES);
      if (names.length === 0 || !(await held())) return;
      // The operator may just have said that one is there again.
      await destinations.load();
      const found = await Promise.all(names.map(async (to) => ({ to, found: await lines.find(to) })));
      await store.resolveNames(db, found);
      crashPoint('names resolved');
    }
  }

  async function look(): Promise<void> {
    if (stopped || !(await held())) return;
    await check();
    if (yielding) return yieldLease();
    await lookUp();
    for (const key of await store.waitingLines(db)) {
      const scheme = schemeOf(key);
      ready.set(scheme, (ready.get(scheme) ?? new Set()).add(key));
    }
    fill();
  }

  /** Begins with lines that are ready, as many at once as may be. */
  function fill(): void {
    for (const [scheme, keys] of ready) {
      for (const key of keys) {
        if ((busy.get(scheme) ?? 0) >= MAX_LINES || stopped) break;
        keys.delete(key);
        if (running.has(key)) continue;
        const wait = waits.get(key);
        if (wait && wait.at > now() && (wait.because === 'line' || wait.turn === turn)) continue;
        busy.set(scheme, (busy.get(scheme) ?? 0) + 1);
        running.set(key, run(key));
      }
    }
  }

  async function run(key: string): Promise<void> {
    const began = turn;
    try {
      const until = await runLine(key, delivery);
      if (until) waits.set(key, { ...until, turn: began });
      else waits.delete(key);
    } catch (error) {
      log.error({ err: error }, `the outbox stumbled: ${messageOf(error)}`);
      waits.set(key, { at: now() + 1000, because: 'line', turn: began });
    } finally {
      running.delete(key);
      busy.set(schemeOf(key), (busy.get(schemeOf(key)) ?? 1) - 1);
      fill();
      // What was posted meanwhile may have been overlooked; and the timer has to know when to come back.
      if (started && (turn !== began || running.size === 0)) void lookSoon();
    }
  }

  function lookSoon(): Promise<void> {
    again = true;
    looking ??= (async () => {
      try {
        while (again && !stopped) {
          again = false;
          await look();
        }
      } catch (error) {
        log.error({ err: error }, `the outbox stumbled: ${messageOf(error)}`);
      } finally {
        looking = undefined;
        if (started) setTimer();
      }
    })();
    return looking;
  }

  function setTimer(): void {
    clearTimeout(timer);
    if (stopped) return;
    let at = now() + LOOK_MS;
    for (const wait of waits.values()) if (wait.at < at) at = wait.at;
    timer = setTimeout(
      () => {
        turn++;
        void lookSoon();
      },
      Math.max(1, at - now()),
    );
  }

  function wake(): void {
    turn++;
    if (!started || stopped) return;
    void lookSoon();
    second ??= setTimeout(() => {
      second = undefined;
      turn++;
      void lookSoon();
    }, AGAIN_MS);
  }

  return {
    async start() {
      started = true;
      await store.requeueHeld(db);
      void lookSoon();
    },
    wake,
    rulesChanged() {
      waits.clear();
      void store.requeueHeldForChannels(db).then(wake, (error: unknown) => log.warn({ err: error }));
    },
    async drain() {
      turn++;
      for (;;) {
        await lookSoon();
        if (running.size === 0) return;
        await Promise.all(running.values());
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(second);
      await looking;
      await Promise.all(running.values());
      if (lease) await leases.release('outbox');
    },
    forecast: () => forecast({ ...tools, destinations, lines }),
  };
}
