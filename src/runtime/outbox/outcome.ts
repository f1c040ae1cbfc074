import { DeliveryError, messageOf } from '../../core/errors.ts';
import type { ChatPlatform } from '../../core/platform.ts';
import type { LetterRow } from './store.ts';
import type { Said } from './writes/store.ts';

const SECOND = 1000;
/** About two and a half hours. */
const MAX_ATTEMPTS = 22;
/** Marked repeats of one letter; a platform that never answers must not fill somebody's screen. */
const MAX_REPEATS = 3;
/** A platform has forgotten a key this much before it says, in milliseconds: the time that a send may take. */
const FORGETS_EARLY = 120 * SECOND;

/** Milliseconds until the next try: 5 s, 10 s, 20 s … at most 10 min, and up to a fifth more so that not all come at once. */
function backOff(attempts: number, random: number): number {
  return Math.min(5 * SECOND * 2 ** (attempts - 1), 600 * SECOND) * (1 + random / 5);
}

/** Whether the platform would still swallow what may have arrived at `triedAt`. */
export function remembers(platform: ChatPlatform | undefined, triedAt: Date | null, now: Date): boolean {
  if (!platform?.deduplicates) return false;
  if (platform.deduplicatesFor === undefined || !triedAt) return true;
  return now.getTime() - triedAt.getTime() < platform.deduplicatesFor - FORGETS_EARLY;
}

/** Everything of a letter that a sender may change, as the claim left it. */
export function saidOf(letter: LetterRow): Said {
  const { seq, token, reason, attempts, repeats, partsSent, notBefore, triedAt, address } = letter;
  const { sentAt, sentTo, platformId } = letter;
  const state = 'sending';
  return {
    seq,
    token,
    state,
    reason,
    attempts,
    repeats,
    partsSent,
    notBefore,
    triedAt,
    address,
    sentAt,
    sentTo,
    platformId,
  };
}

/**
 * A part may or may not have arrived, and the platform would not know it again: a notice is said again from its
 * beginning, marked; a broadcast is held for the operator.
 */
export function inDoubt(letter: Pick<LetterRow, 'class' | 'repeats'>): Partial<Said> {
  if (letter.class !== 'notice' || letter.repeats >= MAX_REPEATS) return { state: 'doubtful' };
  return { state: 'queued', repeats: letter.repeats + 1, partsSent: 0, triedAt: null };
}

/**
 * What a failure means for the letter. A limit is no attempt. What certainly did not arrive is tried again later; what may
 * have arrived only where the platform knows it again, or marked.
 * @param letter as it was claimed; its `triedAt` is the first try that may have arrived
 * @param facts.firstTry whether no earlier try of this part may have arrived
 */
export function outcomeOf(
  letter: LetterRow,
  error: unknown,
  facts: { platform: ChatPlatform | undefined; now: Date; firstTry: boolean; random: number },
): Partial<Said> & { pauseMs?: number } {
  const { now, platform } = facts;
  const known = error instanceof DeliveryError ? error : undefined;
  const reason = messageOf(error);
  const attempts = letter.attempts + 1;
  const later = (ms: number) => new Date(now.getTime() + ms);
  const notBefore = later(Math.max(backOff(attempts, facts.random), known?.retryAfterMs ?? 0));
  // Anything else that a platform throws says nothing about whether it had sent by then.
  const kind = known?.kind ?? 'doubtful';
  if (kind === 'doubtful') {
    if (attempts >= MAX_ATTEMPTS) return { state: 'doubtful', reason, attempts };
    if (remembers(platform, letter.triedAt, now)) return { state: 'queued', reason, attempts, notBefore };
    return { notBefore, reason, attempts, ...inDoubt(letter) };
  }
  const triedAt = facts.firstTry ? null : letter.triedAt;
  if (known?.movedTo) return { state: 'queued', reason, triedAt, address: null, notBefore: now };
  if (kind === 'wait') return { state: 'queued', reason, triedAt, pauseMs: known?.retryAfterMs ?? 60 * SECOND };
  // A try before this one may have arrived: then it is not known to be lost.
  const over = facts.firstTry ? 'dead' : 'doubtful';
  if (kind === 'refused' || attempts >= MAX_ATTEMPTS) return { state: over, reason, attempts, triedAt };
  return { state: 'queued', reason, attempts, triedAt, notBefore };
}
