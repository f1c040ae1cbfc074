import { setTimeout as sleep } from 'node:timers/promises';
import type { Letter, Outbox } from '../../src/core/outbox.ts';
import type { Pictures } from '../../src/render/pictures.ts';
import type { Database } from '../../src/store/db.ts';
import type { FastClock } from './clock.ts';
import type { Destination } from './destination.ts';
import { messageOf, type Posted, pictureOf, piecesOf, textOf } from './letters.ts';
import type { History, PlannedLetter } from './plan.ts';
import { fieldbell, type Program } from './service.ts';

export interface PosterTools {
  db: Database;
  outbox: Outbox;
  pictures: Pictures;
  clock: FastClock;
  program: Program;
  destinations: readonly Destination[];
  /** The first of the history's conversations, by platform. */
  firstConversation: ReadonlyMap<string, number>;
}

/** Killed there, the command line had posted its letter, and had not said so. */
const POSTED = 'letter posted:1';
const PERISHES_MS = 30_000;

/** Hands a history's letters to the outbox, each at its time, and says what is known to be durable. */
export async function postLetters(history: History, tools: PosterTools): Promise<Posted[]> {
  const began = performance.now();
  const posted: Promise<Posted>[] = [];
  for (const plan of history.letters) {
    await sleep(Math.max(0, plan.at - (performance.now() - began)));
    const one = post(plan, tools);
    posted.push(one);
    // The command line takes its time; the others are posted one after another, so that they have an order.
    if (plan.way !== 'command line') await one;
  }
  return Promise.all(posted);
}

async function post(plan: PlannedLetter, tools: PosterTools): Promise<Posted> {
  const { db, outbox, clock } = tools;
  const key = `proof/${plan.id}`;
  const to = addressOf(plan, tools);
  const known = { plan, key, to, pieces: piecesOf(plan) };
  if (plan.way === 'command line') {
    const args = ['outbox', 'post', '--key', key, '--to', to, '--text', textOf(plan), '--class', plan.class];
    const kill = [undefined, 200 + plan.at * 2, POSTED][plan.at % 3];
    const code = await fieldbell(tools.program, args, kill);
    const durable = code === 0 || (code === null && kill === POSTED);
    return { ...known, pieces: piecesOf({ ...plan, picture: false }), committed: durable ? 'yes' : 'unknown' };
  }
  const picture = plan.picture ? await tools.pictures.keep(pictureOf(plan), 'image/png') : undefined;
  const letter: Letter = {
    key,
    to,
    class: plan.class,
    message: messageOf(plan, picture),
    ...(plan.perishable && { expires: new Date(clock.now().getTime() + PERISHES_MS) }),
  };
  if (plan.way === 'alone' || plan.way === 'twice') {
    await outbox.post(letter);
    if (plan.way === 'twice') await outbox.post(letter);
    return { ...known, committed: 'yes' };
  }
  const transaction = db.$transaction(async (tx) => {
    await outbox.post(letter, tx);
    await tx.setting.create({ data: { name: key, value: 'committed' } });
    if (plan.way === 'rolled back') throw new RolledBack();
  });
  await transaction.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  // The marker lies in the transaction of the letter: it, and not we, says whether that was committed.
  const marker = await db.setting.findUnique({ where: { name: key } });
  return { ...known, committed: marker ? 'yes' : 'no' };
}

class RolledBack extends Error {}

function addressOf(plan: PlannedLetter, { destinations, firstConversation }: PosterTools): string {
  const destination = destinations.find(({ scheme }) => scheme === plan.scheme);
  if (plan.astray === 'nobody') return `person:nobody-${plan.id}`;
  if (plan.astray === 'gone' && destination?.gone) return destination.gone;
  if (plan.channel) return `channel:proof-${plan.channel}`;
  return destination?.addresses[(firstConversation.get(plan.scheme) ?? 0) + plan.conversation] ?? 'nowhere:';
}
