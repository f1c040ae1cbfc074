import type { Rules } from '../../core/context.ts';
import { groupBy } from '../../core/group.ts';
import { LETTER_STATES, type LetterState, type OutboxStats } from '../../core/outbox.ts';
import { type ChatPlatform, type Limit, maskAddress } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import type { People } from '../people/people.ts';
import { type Destinations, openDestinations } from './destination/destinations.ts';
import { departuresSince } from './destination/store.ts';
import { MAX_MERGED } from './digest.ts';
import { type Line, type Lines, openLines } from './lines.ts';
import { KEPT_MS } from './pace.ts';
import { type Quiet, quietUntil } from './quiet.ts';
import { countByState, countRepeats, waitingByDestination } from './store.ts';

const MINUTE = 60_000;

interface Waiting {
  key: string;
  line: Line | undefined;
  notices: number;
  broadcasts: number;
  latest: Date;
}

/**
 * How many letters wait, and when the last one will be out, by arithmetic over limits, pauses and quiet hours. A letter is
 * reckoned as one parcel; failures are not foreseen.
 */
export async function forecast(tools: {
  db: Database;
  clock: Clock;
  people: People;
  rules: Rules;
  platforms: ReadonlyMap<string, ChatPlatform>;
  destinations?: Destinations;
  lines?: Lines;
}): Promise<OutboxStats> {
  const { db, clock } = tools;
  const now = clock.now().getTime();
  const destinations = tools.destinations ?? openDestinations(db, clock);
  await destinations.load();
  const lines = tools.lines ?? openLines({ ...tools, destinations });
  const left = groupBy(await departuresSince(db, new Date(now - KEPT_MS)), ({ to }) => to);
  const leftFor = (key: string) => (left.get(key) ?? []).map(({ at }) => at.getTime());
  const waiting = await waitingLines(db, lines);

  const etas = waiting.map((one) => ({ ...one, eta: etaOf(one) }));
  function etaOf({ line, notices, broadcasts, latest }: Waiting): number {
    if (!line) return Math.max(now, latest.getTime());
    const pauses = line.addresses.map((one) => destinations.pausedUntil(one));
    const start = awake(line.quiet, Math.max(now, Math.min(...pauses)), clock.zone);
    const share = (count: number) => Math.ceil(count / line.addresses.length);
    const own = line.perMinute === undefined ? [] : [{ count: line.perMinute, ms: MINUTE }];
    const limits = (address: string) => line.platform.limits?.(address) ?? [];
    const takes = line.addresses.reduce((sum, one) => sum + perMinute(limits(one)), 0);
    const alone = Math.min(takes, perMinute(own));
    const merges = line.digest && broadcasts > alone;
    const count = notices + (merges ? alone - 1 + Math.ceil((broadcasts - alone + 1) / MAX_MERGED) : broadcasts);
    const each = line.addresses.map((one) => lastOut(share(count), limits(one), leftFor(one), start));
    const out = Math.max(...each, lastOut(count, own, leftFor(line.key), start), latest.getTime());
    return overQuiet(line.quiet, start, out, clock.zone);
  }

  // What all addresses of a platform take together.
  for (const platform of tools.platforms.values()) {
    const mine = etas.filter(({ line }) => line?.platform === platform);
    const count = mine.reduce((sum, { notices, broadcasts }) => sum + notices + broadcasts, 0);
    const all = lastOut(count, platform.limitsOfAll ?? [], [], now);
    const last = mine.toSorted((a, b) => b.eta - a.eta)[0];
    if (last && all > last.eta) last.eta = all;
  }

  const counted = await countByState(db);
  const states = Object.fromEntries(LETTER_STATES.map((state) => [state, counted[state] ?? 0]));
  const last = Math.max(...etas.map(({ eta }) => eta));
  return {
    ...(states as Record<LetterState, number>),
    repeated: await countRepeats(db),
    eta: etas.length === 0 ? null : new Date(last),
    byDestination: etas
      .toSorted((a, b) => b.eta - a.eta)
      .map(({ key, notices, broadcasts, eta }) => ({
        to: maskAddress(key),
        waiting: notices + broadcasts,
        eta: new Date(eta),
      })),
  };
}

/** Letters that wait, by line; what nobody can be found for stands under its name. */
async function waitingLines(db: Database, lines: Lines): Promise<Waiting[]> {
  const found = new Map<string, Waiting>();
  for (const group of await waitingByDestination(db)) {
    const target = group.line ? { line: group.line } : await lines.find(group.to);
    const key = 'line' in target ? target.line : group.to;
    const one = found.get(key) ?? { key, line: lines.open(key), notices: 0, broadcasts: 0, latest: new Date(0) };
    one.notices += group.notices;
    one.broadcasts += group.broadcasts;
    if (group.latest > one.latest) one.latest = group.latest;
    found.set(key, one);
  }
  return [...found.values()];
}

function perMinute(limits: readonly Limit[]): number {
  return Math.min(...limits.map(({ count, ms }) => (ms < MINUTE ? Math.floor(MINUTE / ms) * count : count)));
}

/**
 * When the last of `count` parcels leaves under sliding windows: the i-th leaves `ms` after the one `limit.count` places
 * before it.
 * @param left instants of earlier departures, oldest first, in epoch milliseconds
 */
function lastOut(count: number, limits: readonly Limit[], left: readonly number[], start: number): number {
  if (count === 0) return start;
  const lasts = limits.map((limit) => {
    const rounds = Math.floor((count - 1) / limit.count);
    const place = (count - 1) % limit.count;
    // The one that the first round's parcel in this place has to wait for.
    const inside = left.filter((at) => at > start - limit.ms);
    const before = inside[inside.length - limit.count + place];
    const first = Math.max(start, before === undefined ? start : before + limit.ms);
    return first + rounds * limit.ms;
  });
  return Math.max(start, ...lasts);
}

/** The instant itself, or the end of the quiet in which it falls. */
function awake(quiet: Quiet | undefined, at: number, zone: string): number {
  return (quiet && quietUntil(quiet, new Date(at), zone)?.getTime()) ?? at;
}

/** Moves the end of what takes from `start` to `end` by the quiet hours between. */
function overQuiet(quiet: Quiet | undefined, start: number, end: number, zone: string): number {
  if (!quiet) return end;
  let out = end;
  for (let at = start; at <= out; at += MINUTE) {
    const wakes = awake(quiet, at, zone);
    if (wakes === at) continue;
    out += wakes - at;
    at = wakes;
  }
  return out;
}
