import type { Logger } from 'pino';
import type { Rules } from '../../core/context.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { DeliveryError, messageOf } from '../../core/errors.ts';
import { Message } from '../../core/message.ts';
import { type Address, type ChatPlatform, maskAddress } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import type { People } from '../people/people.ts';
import type { Alarm } from './alarm.ts';
import type { Destinations } from './destination/destinations.ts';
import { countedFor, type Line } from './lines.ts';
import { marked } from './mark.ts';
import { inDoubt, outcomeOf, remembers, saidOf } from './outcome.ts';
import type { Leave, Pace } from './pace.ts';
import type { LetterRow } from './store.ts';
import type { Departure, Said } from './writes/store.ts';
import type { Writer } from './writes/writer.ts';

/** A platform has its own timeouts; this one is for a platform that forgot, in milliseconds. */
const GIVE_UP_MS = 120_000;

export interface DeliveryTools {
  db: Database;
  clock: Clock;
  log: Logger;
  people: People;
  rules: Rules;
  platforms: ReadonlyMap<string, ChatPlatform>;
  parcels(platform: ChatPlatform, message: Message): Promise<unknown[]>;
  pace: Pace;
  /** Who claims: host and process. */
  runner: string;
}

export interface Delivery extends DeliveryTools {
  destinations: Destinations;
  alarm: Alarm;
  writer: Writer;
}

/** One parcel that may leave: where to, and when it was counted as leaving. */
export interface Go {
  line: Line;
  address: Address;
  leave: Leave;
  at: Date;
}

/** The letter is not ours any more: another process has taken it over. Nothing more may be sent of it. */
class LostError extends Error {}

/** The rows that count a parcel to an address. */
export function departures(line: Line, address: Address, letter: number, at: Date): Departure[] {
  const keys = countedFor(line, address).map(({ key }) => (key.endsWith(':') ? address : key));
  return [...new Set(keys)].map((to) => ({ to, at, letter }));
}

/**
 * Sends a letter that was claimed. Its state is durable before each step: claimed before the first parcel leaves, each
 * parcel counted when it has arrived. So a kill at any instant leaves either a letter that was not tried, or one in
 * `sending`, of which all but one parcel is certain. A send under way is not aborted on stopping: that would bring doubt.
 * @param letter as claimed; `firstTry` tells whether no earlier try of its next part may have arrived
 * @returns what is to be written of it, and what became of it
 */
export async function deliver(
  letter: LetterRow,
  go: Go,
  firstTry: boolean,
  tools: Delivery,
): Promise<{ sent: boolean; written: Promise<boolean> }> {
  const { clock, log, writer } = tools;
  const said = saidOf(letter);
  const progress = { go, arrived: undefined as { was: Date; at: Date } | undefined, firstTry };
  try {
    const id = await sendParcels(letter, said, progress, tools);
    const now = clock.now();
    Object.assign(said, { state: 'sent', reason: null, sentAt: now, sentTo: go.address, platformId: id ?? null });
    return { sent: true, written: writer.say(said, { arrived: progress.arrived }) };
  } catch (error) {
    if (error instanceof LostError) return { sent: false, written: Promise.resolve(false) };
    const facts = { platform: go.line.platform, now: clock.now(), firstTry: progress.firstTry, random: Math.random() };
    const { pauseMs, ...outcome } = outcomeOf({ ...letter, ...said }, error, facts);
    // Of several robots one is gone: another one says it.
    const others = error instanceof DeliveryError && error.gone && go.line.addresses.length > 1;
    if (others && outcome.state === 'dead') Object.assign(outcome, { state: 'queued', notBefore: clock.now() });
    const kind = error instanceof DeliveryError ? error.kind : 'unexpected';
    log.warn(
      { key: letter.key, to: maskAddress(go.address), kind, state: outcome.state, reason: messageOf(error) },
      'a letter was not delivered',
    );
    crashPoint('send failed');
    const written = await writer.say({ ...said, ...outcome }, { arrived: progress.arrived });
    crashPoint('failure written');
    if (pauseMs !== undefined && !(error instanceof FullError)) await tools.destinations.pause(go.address, pauseMs);
    if (error instanceof DeliveryError) await learn(letter, error, outcome, go.address, tools);
    return { sent: false, written: Promise.resolve(written) };
  }
}

/** Between two parcels of a letter our own reckoning says: not now. Nobody has complained. */
class FullError extends DeliveryError {}

async function sendParcels(
  letter: LetterRow,
  said: Said,
  progress: { go: Go; arrived: { was: Date; at: Date } | undefined; firstTry: boolean },
  { parcels, pace, clock, writer }: Delivery,
): Promise<string | undefined> {
  const { line, address } = progress.go;
  const drawn = await drawnParcels(letter, line, parcels).catch((error: unknown) => {
    progress.go.leave.arrived();
    throw error;
  });
  const again = letter.repeats > 0 ? `~${letter.repeats}` : '';
  let leave = progress.go.leave;
  let at = progress.go.at;
  let id: string | undefined;
  if (said.partsSent >= drawn.length) leave.arrived();
  while (said.partsSent < drawn.length) {
    const key = `${letter.key}#${said.partsSent}${again}`;
    try {
      crashPoint('before a send');
      ({ id } = await answered(line.platform.send(address, drawn[said.partsSent], { key })));
      crashPoint('after a send');
    } finally {
      leave.arrived();
      progress.arrived = { was: at, at: clock.now() };
    }
    said.partsSent++;
    // What may have arrived earlier was this part.
    said.triedAt = null;
    progress.firstTry = true;
    if (said.partsSent === drawn.length) break;
    const next = await pace.ask(countedFor(line, address));
    if ('wait' in next) throw new FullError('wait', 'rate limit', next.wait);
    leave = next;
    at = clock.now();
    said.triedAt = at;
    const leaving = departures(line, address, letter.seq, at);
    const arrived = progress.arrived;
    progress.arrived = undefined;
    let ours = false;
    try {
      ours = await writer.say({ ...said }, { arrived, leaving });
      crashPoint('between parcels');
    } finally {
      // Who was given leave and does not send would stand in everybody's way.
      if (!ours) leave.arrived();
    }
    if (!ours) throw new LostError();
  }
  return id;
}

async function drawnParcels(letter: LetterRow, line: Line, parcels: Delivery['parcels']): Promise<unknown[]> {
  let message: Message;
  try {
    message = Message.parse(JSON.parse(letter.message));
  } catch (error) {
    throw new DeliveryError('refused', `it cannot be read: ${messageOf(error)}`);
  }
  try {
    return await parcels(line.platform, letter.repeats > 0 ? marked(message) : message);
  } catch (error) {
    throw new DeliveryError('retry', `it cannot be drawn: ${messageOf(error)}`);
  }
}

async function answered<T>(sending: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const giveUp = new Promise<never>((_, reject) => {
    const late = () => reject(new DeliveryError('doubtful', `no answer within ${GIVE_UP_MS / 1000} s`));
    timer = setTimeout(late, GIVE_UP_MS).unref();
  });
  return Promise.race([sending, giveUp]).finally(() => clearTimeout(timer));
}

/** What a failure tells about the destination. */
async function learn(
  letter: LetterRow,
  error: DeliveryError,
  outcome: Partial<Said>,
  address: Address,
  { destinations, alarm }: Delivery,
): Promise<void> {
  if (error.movedTo) await destinations.move(address, error.movedTo);
  else if (error.gone && (await destinations.disable(address, error.message))) await alarm.gone(address, error.message);
  else if (outcome.state === 'dead' && !error.gone) await alarm.dead(letter, address, error.message);
}

/**
 * Letters that nobody is sending although they say so: their process has died, or has lost its lease. What was under way
 * may have arrived.
 */
export async function recover(
  letters: readonly LetterRow[],
  platformOf: (letter: LetterRow) => ChatPlatform | undefined,
  { clock, log, writer }: Delivery,
): Promise<void> {
  await Promise.all(
    letters.map(async (letter) => {
      const now = clock.now();
      const error = new DeliveryError('doubtful', 'the process ended while sending; it may have arrived');
      const facts = { platform: platformOf(letter), now, firstTry: false, random: 0 };
      // Our own end is no failure of the destination: it costs the letter no attempt.
      const outcome = outcomeOf({ ...letter, attempts: 0 }, error, facts);
      const said = { ...saidOf(letter), ...outcome, attempts: letter.attempts, notBefore: now };
      if (await writer.say(said)) log.warn({ key: letter.key, state: said.state }, 'a letter was found half sent');
    }),
  );
}

/**
 * A claimed letter of which an earlier try may have arrived, so long ago that the platform would not know it again.
 * @returns what is to be said of it instead of sending it as it is
 */
export function tooLate(letter: LetterRow, platform: ChatPlatform, now: Date): Partial<Said> | undefined {
  if (!letter.triedAt || remembers(platform, letter.triedAt, now)) return undefined;
  return inDoubt(letter);
}
