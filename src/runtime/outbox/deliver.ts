import type { Logger } from 'pino';
import type { Rules } from '../../core/context.ts';
import { DeliveryError, messageOf } from '../../core/errors.ts';
import { Message } from '../../core/message.ts';
import { type Address, type ChatPlatform, maskAddress, schemeOf } from '../../core/platform.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import type { People } from '../people/people.ts';
import { resolve } from './address.ts';
import type { Pace } from './pace.ts';
import * as store from './store.ts';

const MAX_ATTEMPTS = 8;
const SECOND = 1000;

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

/** Milliseconds until the next try: 5 s, 10 s, 20 s … at most 30 min, and up to a fifth more so that not all come at once. */
function backOff(attempts: number, random = Math.random()): number {
  return Math.min(5 * SECOND * 2 ** (attempts - 1), 1800 * SECOND) * (1 + random / 5);
}

/**
 * Sends one due letter. Its state is durable before each step: claimed before the first parcel leaves, each parcel
 * counted when it has arrived. So a kill at any instant leaves either a letter that was not tried, or one in `sending`,
 * of which `recover` knows what is certain. A send under way is not aborted on stopping: that would make it doubtful.
 * @returns `wait` in ms where the address takes no more for now; the letter was not touched
 */
export async function deliver(letter: store.LetterRow, tools: DeliveryTools): Promise<{ wait: number } | undefined> {
  const { db, clock } = tools;
  if (letter.expires && letter.expires <= clock.now()) {
    await store.change(db, letter.seq, { state: 'expired', reason: 'too late to be worth sending' });
    return undefined;
  }
  const target = await resolve(letter.to, tools.people, tools.rules);
  if ('held' in target) {
    await store.change(db, letter.seq, { state: 'held', reason: target.held });
    return undefined;
  }
  const platform = tools.platforms.get(schemeOf(target.address));
  if (!platform) {
    const reason = `no platform carries ${schemeOf(target.address) || 'an address without a scheme'}: — turn it on in the settings`;
    await store.change(db, letter.seq, { state: 'held', reason });
    return undefined;
  }
  const wait = await tools.pace.wait(target.address, platform.limits?.(target.address)[0]?.count);
  if (wait > 0) return { wait };
  if (!(await store.claim(db, letter.seq, tools.runner, clock.now()))) return undefined;
  try {
    await sendParcels(letter, platform, target.address, tools);
  } catch (error) {
    await settle(letter, platform, error, target.address, tools);
  }
  return undefined;
}

async function sendParcels(
  letter: store.LetterRow,
  platform: ChatPlatform,
  address: Address,
  tools: DeliveryTools,
): Promise<void> {
  const parcels = await tools.parcels(platform, Message.parse(JSON.parse(letter.message)));
  let id: string | undefined;
  for (let part = letter.partsSent; part < parcels.length; part++) {
    const wait = await tools.pace.wait(address, platform.limits?.(address)[0]?.count);
    if (wait > 0) throw new DeliveryError('wait', 'rate limit', wait);
    ({ id } = await platform.send(address, parcels[part], { key: `${letter.key}#${part}` }));
    tools.pace.sent(address);
    letter.partsSent = part + 1;
    await store.change(tools.db, letter.seq, { partsSent: letter.partsSent });
  }
  await store.change(tools.db, letter.seq, {
    state: 'sent',
    reason: null,
    sentAt: tools.clock.now(),
    sentTo: address,
    platformId: id ?? null,
  });
}

/** What a failure means for the letter. A limit is no attempt; what may have arrived is never repeated by itself. */
async function settle(
  letter: store.LetterRow,
  platform: ChatPlatform,
  error: unknown,
  address: Address,
  { db, clock, log, pace }: DeliveryTools,
): Promise<void> {
  const kind = error instanceof DeliveryError ? error.kind : 'retry';
  const reason = messageOf(error);
  const after = (ms: number) => new Date(clock.now().getTime() + ms);
  log.warn({ key: letter.key, to: maskAddress(address), kind, reason }, 'a letter was not delivered');
  if (kind === 'wait') {
    const ms = (error as DeliveryError).retryAfterMs ?? 60 * SECOND;
    pace.blocked(address, ms);
    return store.change(db, letter.seq, { state: 'queued', reason, notBefore: after(ms) });
  }
  const attempts = letter.attempts + 1;
  if (kind === 'doubtful' && !platform.deduplicates) {
    return store.change(db, letter.seq, { state: 'doubtful', reason, attempts });
  }
  if (kind === 'refused' || attempts >= MAX_ATTEMPTS) {
    return store.change(db, letter.seq, { state: 'dead', reason, attempts });
  }
  return store.change(db, letter.seq, { state: 'queued', reason, attempts, notBefore: after(backOff(attempts)) });
}

/**
 * After a crash: letters that a dead process was sending. The platform that de-duplicates gets them again; elsewhere
 * they may have arrived, and are doubtful.
 * @param alive whether a runner still lives
 */
export async function recover(tools: DeliveryTools, alive: (runner: string) => boolean): Promise<void> {
  for (const letter of await store.lettersInFlight(tools.db)) {
    if (letter.claimedBy && alive(letter.claimedBy)) continue;
    const target = await resolve(letter.to, tools.people, tools.rules);
    const platform = 'address' in target ? tools.platforms.get(schemeOf(target.address)) : undefined;
    await store.change(
      tools.db,
      letter.seq,
      platform?.deduplicates
        ? { state: 'queued', reason: 'the process ended while sending' }
        : { state: 'doubtful', reason: 'the process ended while sending; it may have arrived' },
    );
  }
}
