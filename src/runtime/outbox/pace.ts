import type { Address, ChatPlatform, Limit } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { addDeparture, departuresSince } from './destination/store.ts';

/** How long departures are kept: the longest limit that is kept to across a restart. */
export const KEPT_MS = 3_600_000;

/** What a limit is counted for: an address, the channel whose robots are pooled, or all addresses of a scheme. */
export interface Counted {
  key: string;
  limits: readonly Limit[];
}

/** Leave to send one parcel. `arrived` must follow, whatever became of it: until then it counts as just sent. */
export interface Leave {
  arrived(): void;
}

/**
 * Keeps to limits: sliding windows over what has left. A parcel counts from before it leaves until `ms` after it was
 * answered, because the platform counts somewhere in between.
 */
export interface Pace {
  /** Begins anew with what the database knows, e.g. of another process. */
  load(): Promise<void>;
  /** Leave, or how many milliseconds until one may ask again. */
  ask(counted: readonly Counted[]): Promise<Leave | { wait: number }>;
  /** Instants at which parcels left, oldest first; those under way count as now. */
  left(key: string): number[];
  /** Something was sent otherwise than by the outbox, e.g. an answer. */
  note(keys: readonly string[]): void;
  /** What was sent to an address otherwise than by the outbox counts after a restart too. */
  keep(to: Address): Promise<void>;
}

interface Entry {
  /** Infinity: under way. */
  at: number;
  done: Promise<void>;
}

export function createPace(db: Database, clock: Clock): Pace {
  let windows = new Map<string, Entry[]>();
  const now = () => clock.now().getTime();

  function windowOf(key: string): Entry[] {
    const entries = windows.get(key) ?? [];
    windows.set(key, entries);
    return entries;
  }

  function trim(entries: Entry[], ms: number): void {
    const old = now() - ms;
    while (entries[0] && entries[0].at <= old) entries.shift();
  }

  /** The entry that must grow old, or arrive, before one more may leave. */
  function obstacle({ key, limits }: Counted): { entry: Entry; ms: number } | undefined {
    if (limits.length === 0) return undefined;
    const entries = windowOf(key);
    trim(entries, Math.max(...limits.map(({ ms }) => ms)));
    for (const { count, ms } of limits) {
      const inside = entries.filter(({ at }) => at > now() - ms).sort((a, b) => (a.at < b.at ? -1 : 1));
      const entry = inside[inside.length - count];
      if (entry) return { entry, ms };
    }
    return undefined;
  }

  return {
    async load() {
      windows = new Map();
      for (const { to, at } of await departuresSince(db, new Date(now() - KEPT_MS))) {
        const entry = { at: at.getTime(), done: Promise.resolve() };
        windowOf(to).push(entry);
        const scheme = to.slice(0, to.indexOf(':') + 1);
        if (scheme !== 'channel:') windowOf(scheme).push(entry);
      }
    },
    async ask(counted) {
      for (;;) {
        const found = counted.map(obstacle).filter((one) => one !== undefined);
        const wait = Math.max(0, ...found.map(({ entry, ms }) => entry.at + ms - now()));
        const underWay = found.find(({ entry }) => entry.at === Number.POSITIVE_INFINITY);
        if (underWay) {
          await underWay.entry.done;
        } else if (wait > 0) {
          return { wait };
        } else {
          let finish = (): void => {};
          const done = new Promise<void>((resolve) => {
            finish = resolve;
          });
          const entry = { at: Number.POSITIVE_INFINITY, done };
          for (const { key, limits } of counted) if (limits.length > 0) windowOf(key).push(entry);
          return {
            arrived() {
              entry.at = now();
              finish();
            },
          };
        }
      }
    },
    left: (key) => (windows.get(key) ?? []).map(({ at }) => Math.min(at, now())).sort((a, b) => a - b),
    note(keys) {
      const entry = { at: now(), done: Promise.resolve() };
      for (const key of keys) {
        const entries = windowOf(key);
        trim(entries, KEPT_MS);
        entries.push(entry);
      }
    },
    keep: (to) => addDeparture(db, to, clock.now()),
  };
}

/**
 * Leave to send a parcel of an answer. The limits of a minute and longer are kept to, because WeCom drops silently what is
 * more; the shorter ones, which platforms stretch and tell of, would only make people wait.
 */
export async function leaveToAnswer(
  pace: Pace,
  platform: ChatPlatform,
  to: Address,
): Promise<Leave | { wait: number }> {
  const limits = platform.limits?.(to).filter(({ ms }) => ms >= 60_000) ?? [];
  const leave = await pace.ask([{ key: to, limits }]);
  if ('wait' in leave) return leave;
  // A platform that drops what is too much does so after a restart of ours as well. Who cannot write can still answer.
  if (limits.length > 0) await pace.keep(to).catch(() => {});
  return {
    arrived() {
      leave.arrived();
      pace.note([...(limits.length > 0 ? [] : [to]), `${platform.name}:`]);
    },
  };
}
