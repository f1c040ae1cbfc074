import { seededRandom } from '../../src/core/seeded-random.ts';

/**
 * What a history does, decided by its seed alone: the letters, how the platforms misbehave, when the service is killed.
 * Times are milliseconds of the machine from the beginning of the history.
 */
export interface History {
  seed: number;
  letters: PlannedLetter[];
  faults: PlannedFault[];
  kills: Kill[];
}

export type Way =
  /** `outbox.post` by itself. */
  | 'alone'
  /** In a transaction with a marker that proves what was committed. */
  | 'transaction'
  /** In a transaction that fails: it must never be seen. */
  | 'rolled back'
  /** Posted twice under its key. */
  | 'twice'
  /** `fieldbell outbox post`. */
  | 'command line';

export interface PlannedLetter {
  /** `h<seed>-<n>`, in order of posting. */
  id: string;
  at: number;
  scheme: string;
  /** Which of the history's conversations on that platform. */
  conversation: number;
  class: 'notice' | 'broadcast';
  way: Way;
  /** Numbered lines of text; each can be recognised where it arrives. */
  lines: number;
  /** Characters after the number of a line. */
  lineLength: number;
  picture: boolean;
  /** Instead of the conversation: a channel of a kind that the platform offers; see `Destination.channels`. */
  channel: ChannelKind | undefined;
  /** Instead of the conversation: somebody without an address, or a conversation that is gone. */
  astray: 'nobody' | 'gone' | undefined;
  /** Worth sending for half a minute of the service's clock only. */
  perishable: boolean;
}

/** A channel that merges what is too much, one that spreads over several robots, one that is silent for a while. */
export const CHANNEL_KINDS = ['digest', 'pool', 'quiet'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** How one call to a platform goes wrong. */
export type Fault =
  /** The platform's own words for "busy" and for "too often"; nothing is delivered. */
  | { kind: 'busy' }
  | { kind: 'limited' }
  /** A gateway's answer, before or after the platform did its work. */
  | { kind: 'http'; status: number; retryAfter?: number; accepted: boolean }
  /** Accepted, never answered. */
  | { kind: 'hang' }
  /** The connection is cut before or after the platform did its work. */
  | { kind: 'reset'; accepted: boolean }
  /** Accepted, answered late: milliseconds of the service's clock. */
  | { kind: 'late'; ms: number };

export interface PlannedFault {
  at: number;
  scheme: string;
  fault: Fault;
}

/**
 * When SIGKILL comes; `ms` is in milliseconds of the machine.
 * - `start`, `ready`: so long after the service was started, or was up;
 * - `call`: so long after the n-th call that says something, when it came in, when the platform had taken it, or when it
 *   had been answered;
 * - `point`: the n-th time that a named point in the code is reached.
 *
 * What does not come about within `LONGEST_LIFE_MS` is not waited for.
 */
export type Kill =
  | { after: 'start' | 'ready'; ms: number }
  | { after: 'call'; stage: Stage; n: number; ms: number }
  | { after: 'point'; point: string; n: number };
export type Stage = 'came in' | 'taken' | 'answered';

/** Points that are passed for every letter. */
const OFTEN = /write|claimed|send$/;

export const LONGEST_LIFE_MS = 1500;

/** @param points named points in the code at which the service can be killed */
export function planHistory(seed: number, schemes: readonly string[], points: readonly string[]): History {
  const random = seededRandom(`crash-proof/${seed}`);
  const upTo = (n: number) => Math.floor(random() * n);
  const chance = (share: number) => random() < share;
  const oneOf = <T>(values: readonly T[]): T => values[upTo(values.length)] as T;

  const span = 200 + upTo(600);
  const conversations = Object.fromEntries(schemes.map((scheme) => [scheme, 1 + upTo(4)]));
  // One conversation with more letters than it takes in a minute.
  const burst = chance(0.12) ? { scheme: oneOf(schemes), letters: 22 + upTo(12) } : undefined;

  const letter = (n: number, at: number): PlannedLetter => {
    const scheme = oneOf(schemes);
    const long = chance(0.12);
    return {
      id: `h${seed}-${n}`,
      at,
      scheme,
      conversation: upTo(conversations[scheme] ?? 1),
      class: chance(0.6) ? 'notice' : 'broadcast',
      way: chance(0.004)
        ? 'command line'
        : oneOf(['alone', 'alone', 'transaction', 'transaction', 'transaction', 'rolled back', 'twice']),
      lines: long ? 20 + upTo(60) : 1 + upTo(3),
      lineLength: long ? 60 + upTo(60) : upTo(30),
      picture: chance(0.06),
      astray: chance(0.03) ? oneOf(['nobody', 'gone']) : undefined,
      perishable: chance(0.02),
      channel: scheme === 'wecom-robot' && chance(0.4) ? oneOf(CHANNEL_KINDS) : undefined,
    };
  };
  const times = Array.from({ length: 6 + upTo(18) }, () => upTo(span)).toSorted((a, b) => a - b);
  const letters = times.map((at, n) => letter(n, at));
  if (burst) {
    const at = upTo(span);
    const first = letters.length;
    for (let n = first; n < first + burst.letters; n++) {
      letters.push({
        ...letter(n, at),
        scheme: burst.scheme,
        conversation: 0,
        channel: burst.scheme === 'wecom-robot' && n > first && burst.letters % 2 === 0 ? 'digest' : undefined,
        class: burst.letters % 2 === 0 ? 'broadcast' : letter(n, at).class,
        way: 'alone',
        lines: 1,
        lineLength: 8,
        picture: false,
        astray: undefined,
        perishable: false,
      });
    }
    letters.sort((a, b) => a.at - b.at);
  }

  const fault = (): Fault =>
    oneOf<() => Fault>([
      () => ({ kind: 'busy' }),
      () => ({ kind: 'limited' }),
      () => ({ kind: 'http', status: 429, retryAfter: 1 + upTo(20), accepted: false }),
      () => ({ kind: 'http', status: 503, accepted: false }),
      () => ({ kind: 'http', status: oneOf([500, 502, 504]), accepted: chance(0.5) }),
      () => ({ kind: 'hang' }),
      () => ({ kind: 'reset', accepted: chance(0.5) }),
      () => ({ kind: 'late', ms: 200 + upTo(8000) }),
      () => ({ kind: 'late', ms: 200 + upTo(8000) }),
    ])();
  const faults = Array.from({ length: upTo(7) }, () => ({ at: upTo(span), scheme: oneOf(schemes), fault: fault() }));

  const kill = (): Kill => {
    if (points.length > 0 && chance(0.4)) {
      const point = oneOf(points);
      return { after: 'point', point, n: OFTEN.test(point) ? 1 + upTo(8) : 1 };
    }
    if (chance(0.1)) return { after: 'start', ms: 300 + upTo(1200) };
    if (chance(0.15)) return { after: 'ready', ms: upTo(400) };
    const stage = oneOf<Stage>(['came in', 'taken', 'answered', 'answered']);
    return { after: 'call', stage, n: 1 + upTo(16), ms: chance(0.5) ? 0 : upTo(20) };
  };
  const kills = [kill(), ...(chance(0.15) ? [kill()] : [])];
  return { seed, letters, faults: faults.toSorted((a, b) => a.at - b.at), kills };
}
