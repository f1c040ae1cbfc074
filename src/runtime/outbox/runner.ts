import { crashPoint } from '../../core/crash-point.ts';
import { Message } from '../../core/message.ts';
import { type Delivery, deliver, departures, type Go, tooLate } from './deliver.ts';
import { digestOf, MAX_MERGED, takesInMinute } from './digest.ts';
import { countedFor, type Line, type Lines } from './lines.ts';
import { saidOf } from './outcome.ts';
import { quietUntil } from './quiet.ts';
import * as store from './store.ts';

/** Letters looked at together; one at a time is claimed. */
const AHEAD = 20;

/** When to come back to a line. `letter`: because of its next letter; another letter may go before that one. */
export interface Until {
  at: number;
  because: 'line' | 'letter';
}

export interface RunnerTools extends Delivery {
  lines: Lines;
  /** Letters being sent by this process. */
  inFlight: Set<number>;
  /** Whether to stop: the process ends, or another one dispatches. */
  halted(): boolean;
  /** Changes when something was posted: what was looked at before may not be the next any more. */
  turn(): number;
}

/** Sends what is due on a line, one letter after another. Undefined: nothing waits there. */
export async function runLine(key: string, tools: RunnerTools): Promise<Until | undefined> {
  const { db, clock, lines, writer, pace } = tools;
  const now = () => clock.now().getTime();
  let ahead: store.LetterRow[] = [];
  let turn = tools.turn();
  let robot = 0;
  let written: Promise<boolean> = Promise.resolve(true);
  let sending: number | undefined;
  const settle = async () => {
    try {
      await written;
    } finally {
      written = Promise.resolve(true);
      if (sending !== undefined) tools.inFlight.delete(sending);
      sending = undefined;
    }
  };

  /** A robot of the line that takes a parcel now, and leave to send it; or in how many milliseconds one does. */
  async function choose(line: Line): Promise<Go | { wait: number }> {
    let wait = Number.POSITIVE_INFINITY;
    for (let tried = 0; tried < line.addresses.length; tried++) {
      const address = line.addresses[robot++ % line.addresses.length];
      if (!address) continue;
      const pause = tools.destinations.pausedUntil(address) - now();
      const leave = pause > 0 ? { wait: pause } : await pace.ask(countedFor(line, address));
      if (!('wait' in leave)) return { line, address, leave, at: clock.now() };
      wait = Math.min(wait, leave.wait);
    }
    return { wait };
  }

  /** The next letter that may go, or why none does. */
  async function next(line: Line): Promise<store.LetterRow | Until | undefined> {
    if (turn !== tools.turn()) ahead = [];
    if (ahead.length === 0) {
      turn = tools.turn();
      await settle();
      ahead = await store.nextLetters(db, key, clock.now(), AHEAD);
      if (ahead[0]?.class === 'broadcast' && line.digest && (await mergeSurplus(line, tools))) {
        ahead = await store.nextLetters(db, key, clock.now(), AHEAD);
      }
    }
    const letter = ahead[0];
    if (!letter) {
      const due = await store.nextDue(db, key, clock.now());
      return due ? { at: due.getTime(), because: 'letter' } : undefined;
    }
    return letter.notBefore.getTime() > now() ? { at: letter.notBefore.getTime(), because: 'letter' } : letter;
  }

  try {
    for (;;) {
      if (tools.halted()) return { at: now(), because: 'line' };
      const line = lines.open(key);
      if (!line) {
        await store.forgetLine(db, { address: key });
        return undefined;
      }
      const silent = line.quiet && quietUntil(line.quiet, clock.now(), clock.zone);
      if (silent) return { at: silent.getTime(), because: 'line' };
      const letter = await next(line);
      if (!letter || 'because' in letter) return letter;
      if (letter.expires && letter.expires <= clock.now()) {
        await store.expireLetters(db, clock.now());
        ahead = [];
        continue;
      }
      const found = await lines.find(letter.to);
      if (!('line' in found) || found.line !== key) {
        await store.forgetLine(db, { to: letter.to, address: key });
        ahead = [];
        continue;
      }
      const go = await choose(line);
      if ('wait' in go) return { at: now() + go.wait, because: 'line' };
      ahead.shift();
      const claimed = { ...letter, token: letter.token + 1, triedAt: letter.triedAt ?? go.at };
      tools.inFlight.add(letter.seq);
      const claim = writer.claim(claimed, departures(line, go.address, letter.seq, go.at));
      let got: boolean;
      try {
        // The letter before this one is written in the same transaction.
        [got] = await Promise.all([claim, settle()]);
      } catch (error) {
        // Taken or not: it is looked at as what another process has left, and who does not send needs no leave.
        go.leave.arrived();
        tools.inFlight.delete(letter.seq);
        throw error;
      }
      sending = letter.seq;
      const late = got ? tooLate({ ...claimed, triedAt: letter.triedAt }, line.platform, clock.now()) : undefined;
      if (!got || late) {
        go.leave.arrived();
        if (late) await writer.say({ ...saidOf(claimed), ...late });
        await settle();
        ahead = [];
        // Somebody else has it, or the lease: there is no hurry.
        if (!got) return { at: now() + 200, because: 'line' };
        continue;
      }
      crashPoint('letter claimed');
      const result = await deliver(claimed, go, letter.triedAt === null, tools);
      written = result.written;
      // It is awaited with the next claim; until then a failure must not count as nobody's.
      written.catch(() => {});
      if (!result.sent) ahead = [];
    }
  } finally {
    await settle();
  }
}

/**
 * Merges the broadcasts that the line cannot take in the coming minute: all of them, in as many digests as it takes, so
 * that none of them overtakes a digest. Whether there were any.
 */
async function mergeSurplus(line: Line, { db, clock, pace, destinations }: RunnerTools): Promise<boolean> {
  const now = clock.now();
  const ready = line.addresses.filter((one) => destinations.pausedUntil(one) <= now.getTime());
  const each = ready.map((one) => takesInMinute(countedFor(line, one), pace.left, now.getTime()));
  const own = line.perMinute === undefined ? Number.POSITIVE_INFINITY : line.perMinute;
  const takes = Math.min(
    own,
    each.reduce((sum, one) => sum + one, 0),
  );
  if (!Number.isFinite(takes)) return false;
  const waiting = await store.countMergeable(db, line.key, now);
  if (waiting <= Math.max(takes, 1)) return false;
  return db.$transaction(async (tx) => {
    let skip = Math.max(takes - 1, 0);
    let from = 0;
    let merged = false;
    for (;;) {
      const letters = await store.mergeableLetters(tx, line.key, now, { skip, from, limit: MAX_MERGED });
      skip = 0;
      from = letters.at(-1)?.seq ?? 0;
      // One alone goes as it is, and one that cannot be read any more dies alone.
      const readable = letters.filter(({ message }) => isReadable(message));
      if (readable.length < 2 && !merged) return false;
      if (readable.length === 0) return true;
      await store.mergeInto(tx, digestLetter(line, readable, now), readable);
      merged = true;
    }
  });
}

function isReadable(message: string): boolean {
  return Message.safeParse(JSON.parse(message)).success;
}

/** Worth sending as long as one of its letters is. */
function digestLetter(line: Line, letters: readonly store.LetterRow[], now: Date) {
  const [first, last] = [letters[0], letters.at(-1)];
  const names = new Set(letters.map(({ to }) => to));
  const ends = letters.map(({ expires }) => expires?.getTime() ?? Number.POSITIVE_INFINITY);
  const expires = Math.max(...ends);
  return {
    key: `${store.DIGEST}${first?.seq}-${last?.seq}`,
    to: names.size === 1 && first ? first.to : line.key,
    address: line.key,
    class: 'broadcast',
    message: JSON.stringify(digestOf(letters.map((letter) => Message.parse(JSON.parse(letter.message))))),
    notBefore: now,
    expires: Number.isFinite(expires) ? new Date(expires) : null,
    createdAt: now,
    sample: letters.every(({ sample }) => sample),
  };
}
