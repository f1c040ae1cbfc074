import type { Arrival } from './destination.ts';
import type { Posted } from './letters.ts';

/** What the outbox says of a letter. */
export interface Row {
  seq: number;
  key: string;
  state: string;
  reason: string | null;
  repeats: number;
  attempts: number;
  mergedInto: string | null;
}

/** All that is known of a batch of histories once its queue has drained. */
export interface Evidence {
  posted: readonly Posted[];
  rows: ReadonlyMap<string, Row>;
  arrivals: readonly Arrival[];
  /** Schemes of the platforms that swallow what is sent twice. */
  deduplicating: ReadonlySet<string>;
  /** Channels that are silent, and when. */
  silent: ReadonlyMap<string, { from: Date; to: Date }>;
}

export interface Violation {
  invariant: Invariant;
  what: string;
  /** The letter that it is about. */
  key?: string;
}

/** What must hold, whenever the service is killed and however the platforms behave. */
export const INVARIANTS = {
  'nothing-lost': 'a committed letter has its row, and a letter that counts as sent has arrived whole',
  'nothing-invented': 'a letter whose transaction failed has no row and is never seen',
  'queue-drains': 'once the platforms behave, every letter comes to a final state',
  'end-has-a-reason': 'held, dead, doubtful and expired say why, and are so only where there is a cause',
  'once-where-known': 'a platform that swallows repetitions shows each piece once, and leaves no letter in doubt',
  'repeats-are-marked':
    'elsewhere a piece is seen twice only if the repetition says so (（重发）) or the letter is in doubt',
  'broadcast-not-repeated': 'a broadcast that may have arrived is never repeated by itself',
  'order-kept': 'in a conversation, letters of one class arrive in the order of posting, each piece in its place',
  'merged-is-said': 'a letter that was merged is named by a digest, which is there and says it where it was sent',
  'quiet-kept': 'nothing is sent to a channel in its quiet time',
  'limits-kept': 'no platform ever had to say that it was called too often, or dropped a message for it',
  'recovers-at-once': 'what was in flight at a kill is taken up within 5 s of the restart',
  'stays-up': 'the service ends only when it is told to, and then cleanly',
  'no-secret-in-the-log': 'no key, token or secret of a platform stands in the log',
} as const;
export type Invariant = keyof typeof INVARIANTS;

/** States after which nothing more happens by itself. */
export const FINAL: ReadonlySet<string> = new Set(['sent', 'merged', 'held', 'dead', 'doubtful', 'expired']);
/** Attempts after which giving up is no surprise. */
const ENOUGH_ATTEMPTS = 5;

export interface Judgement {
  violations: Violation[];
  letters: number;
  lost: number;
  /** Pieces seen more than once although the platform de-duplicates or nothing says so. */
  duplicates: number;
  doubtful: number;
  /** Letters that were repeated and say so. */
  repeated: number;
  dead: number;
  merged: number;
}

/** What was under way when the quiet began, and what a platform takes late, in milliseconds of the service's clock. */
const UNDER_WAY_MS = 20_000;

export function judge({ posted, rows, arrivals, deduplicating, silent }: Evidence): Judgement {
  const violations: Violation[] = [];
  const blame = (invariant: Invariant, key: string, what: string) => violations.push({ invariant, key, what });
  const seen = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    for (const piece of arrival.pieces) seen.set(piece, [...(seen.get(piece) ?? []), arrival]);
  }

  for (const { key, to, plan, pieces, committed } of posted) {
    const row = rows.get(key);
    const arrived = pieces.filter((piece) => seen.has(piece));
    if (committed === 'no') {
      if (row || arrived.length > 0)
        blame('nothing-invented', key, `its transaction failed, and it is ${row?.state ?? 'seen'}`);
      continue;
    }
    if (!row) {
      if (committed === 'yes') blame('nothing-lost', key, 'it was committed and has no row');
      continue;
    }
    const known = deduplicating.has(plan.scheme);
    if (!FINAL.has(row.state)) blame('queue-drains', key, `it is still ${row.state}`);
    if (row.state === 'sent' && arrived.length < pieces.length) {
      blame(
        'nothing-lost',
        key,
        `it counts as sent, and ${pieces.filter((piece) => !seen.has(piece)).join(', ')} never arrived`,
      );
    }
    if (row.state === 'merged') {
      const digest = rows.get(row.mergedInto ?? '');
      const shown = pieces.filter((_, at) => at === 0 || (plan.picture && at === pieces.length - 1));
      const missing = shown.filter((piece) => !seen.has(piece));
      if (!digest || !FINAL.has(digest.state)) blame('merged-is-said', key, `its digest is ${digest?.state ?? 'gone'}`);
      else if (digest.state === 'sent' && missing.length > 0)
        blame('merged-is-said', key, `${missing.join(', ')} is not in its digest`);
    }
    if (row.state !== 'sent' && FINAL.has(row.state)) {
      const cause = causeOf(row, plan.astray, plan.perishable);
      // For a merged letter its digest is the reason.
      if (!(row.reason || row.mergedInto) || !cause)
        blame('end-has-a-reason', key, `it is ${row.state}: ${row.reason ?? 'no reason'}`);
    }
    if (known && row.state === 'doubtful' && plan.astray !== 'gone' && !plan.perishable)
      blame('once-where-known', key, 'it is in doubt where repetitions are swallowed');
    for (const piece of pieces) {
      const copies = seen.get(piece) ?? [];
      if (copies.some((copy) => copy.address !== to)) blame('nothing-lost', key, `${piece} arrived somewhere else`);
      if (copies.length < 2) continue;
      if (known) blame('once-where-known', key, `${piece} was seen ${copies.length} times`);
      else if (plan.class === 'broadcast')
        blame('broadcast-not-repeated', key, `${piece} was seen ${copies.length} times`);
      else if (!isMarked(copies, pieces, seen, row))
        blame('repeats-are-marked', key, `${piece} was seen ${copies.length} times`);
    }
  }
  violations.push(...orderMistakes(posted, rows, arrivals));
  for (const { address, at, pieces } of arrivals) {
    const times = silent.get(address);
    if (!times || !at) continue;
    if (at.getTime() > times.from.getTime() + UNDER_WAY_MS && at < times.to)
      violations.push({ invariant: 'quiet-kept', what: `${pieces.join(', ')} arrived at ${at.toISOString()}` });
  }
  const of = (...names: Invariant[]) => violations.filter(({ invariant }) => names.includes(invariant));
  const states = [...rows.values()];
  return {
    violations,
    letters: posted.filter(({ committed }) => committed !== 'no').length,
    lost: new Set(of('nothing-lost').map(({ key }) => key)).size,
    duplicates: of('once-where-known', 'repeats-are-marked', 'broadcast-not-repeated').length,
    doubtful: states.filter(({ state }) => state === 'doubtful').length,
    repeated: states.filter(({ repeats }) => repeats > 0).length,
    dead: states.filter(({ state }) => state === 'dead').length,
    merged: states.filter(({ state }) => state === 'merged').length,
  };
}

function causeOf(row: Row, astray: string | undefined, perishable: boolean): boolean {
  // A destination that is gone holds what comes after the letter that found it so.
  if (row.state === 'held') return astray !== undefined;
  if (row.state === 'dead') return astray === 'gone' || row.attempts >= ENOUGH_ATTEMPTS;
  if (row.state === 'expired') return perishable;
  return row.state === 'doubtful' || row.state === 'merged';
}

/**
 * A repetition begins with a parcel that says so; what follows belongs to it. So a piece may be there once, and once more
 * for each marked beginning.
 */
function isMarked(
  copies: readonly Arrival[],
  pieces: readonly string[],
  seen: ReadonlyMap<string, Arrival[]>,
  row: Row,
): boolean {
  const beginnings = (seen.get(pieces[0] ?? '') ?? []).filter(({ marked }) => marked).length;
  return row.state === 'doubtful' || copies.length <= 1 + beginnings;
}

/** First arrivals of a conversation, against the order in which they were posted. A notice may overtake a broadcast. */
function orderMistakes(
  posted: readonly Posted[],
  rows: ReadonlyMap<string, Row>,
  arrivals: readonly Arrival[],
): Violation[] {
  const places = new Map<string, { key: string; class: string; place: number }>();
  for (const { key, pieces, plan } of posted) {
    const seq = rows.get(key)?.seq ?? 0;
    pieces.forEach((piece, at) => {
      places.set(piece, { key, class: plan.class, place: seq * 1000 + at });
    });
  }
  const mistakes: Violation[] = [];
  const newest = new Map<string, { piece: string; place: number }>();
  const before = new Set<string>();
  for (const { address, pieces } of arrivals) {
    for (const piece of pieces) {
      const found = places.get(piece);
      if (!found || before.has(`${address} ${piece}`)) continue;
      before.add(`${address} ${piece}`);
      const line = `${address} ${found.class}`;
      const last = newest.get(line);
      if (last && last.place > found.place) {
        mistakes.push({ invariant: 'order-kept', key: found.key, what: `${piece} arrived after ${last.piece}` });
      } else newest.set(line, { piece, place: found.place });
    }
  }
  return mistakes;
}
