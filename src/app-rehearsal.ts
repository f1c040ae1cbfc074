import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobs } from '../jobs/index.ts';
import type { Config } from './config.ts';
import { openContext } from './context.ts';
import type { Context } from './core/context.ts';
import { Message } from './core/message.ts';
import type { Operator, Rehearsal } from './core/operator.ts';
import { type ChatPlatform, maskAddress, restOf, schemeOf } from './core/platform.ts';
import { addDays, startOf } from './core/time.ts';
import { attempt } from './runtime/jobs/attempt.ts';
import { duesBetween } from './runtime/jobs/due.ts';
import { openDestinations } from './runtime/outbox/destination/destinations.ts';
import { openLines } from './runtime/outbox/lines.ts';
import { lettersAfter, newestLetter } from './runtime/outbox/log/store.ts';
import { openPeople, type People } from './runtime/people/people.ts';
import { type Planned, timetable } from './runtime/rehearsal/timetable.ts';
import { copyDatabase } from './store/copy.ts';
import { type Database, openDatabase } from './store/db.ts';

/** A job that is due more often than this is run less often: its data do not change in a rehearsal. */
const OFTEN = 24;
const GRID_MS = 300_000;
/** Letters whose look is drawn; the others are listed. */
const DRAWN = 60;

interface RehearsalTools {
  config: Config;
  context: Context;
  platforms: ReadonlyMap<string, ChatPlatform>;
  preview: Operator['preview'];
  sampleShown(): boolean;
}

/**
 * Runs a day's schedule now, on a copy of the database that is thrown away: upstreams are not asked, nothing is sent. What
 * is due before that day is run first and not counted.
 */
export async function rehearse(day: string, tools: RehearsalTools): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldbell-rehearsal-'));
  const file = join(folder, 'copy.db');
  await copyDatabase(tools.context.db, file);
  const db = openDatabase(`file:${file}`);
  try {
    return await onCopy(day, db, tools);
  } finally {
    await db.$disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

async function onCopy(day: string, db: Database, tools: RehearsalTools): Promise<Rehearsal> {
  const { zone } = tools.context.clock;
  const { signal, log } = tools.context;
  const [from, to] = [startOf(day, zone), startOf(addDays(day, 1), zone)];
  let at = new Date(from.getTime() - 1000);
  const clock = { zone, now: () => at };
  const opened = await openContext(tools.config, {
    db,
    clock,
    log: log.child({ part: 'rehearsal' }, { level: 'silent' }),
    signal,
  });
  opened.rules.showSample(tools.sampleShown());
  const context: Context = { ...opened, sources: {} };

  for (const job of jobs) if (job.cron !== undefined) await attempt(job, context, {});
  const before = await newestLetter(db);
  const runs: Rehearsal['runs'] = [];
  for (const { name, due } of dueOn(from, to, zone)) {
    const job = jobs.find((one) => one.name === name);
    if (!job) continue;
    at = due;
    const outcome = await attempt(job, context, {});
    const dull = outcome.state === 'done' && Object.values(outcome.counts ?? {}).every((count) => count === 0);
    if (!dull)
      runs.push({ job: name, at: due.toISOString(), counts: outcome.counts ?? null, error: outcome.error ?? null });
    // Others get their turn: sockets, and the outbox.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { day, runs, ...(await lettersOf(db, before, opened, tools)) };
}

/** What is due on a day, in order. */
function dueOn(from: Date, to: Date, zone: string): { name: string; due: Date }[] {
  return jobs
    .flatMap((job) => {
      const dues =
        job.cron === undefined
          ? []
          : duesBetween(job.cron, new Date(from.getTime() - 1), new Date(to.getTime() - 1), zone);
      return thinned(dues).map((due) => ({ name: job.name, due }));
    })
    .sort((a, b) => a.due.getTime() - b.due.getTime());
}

function thinned(dues: Date[]): Date[] {
  if (dues.length <= OFTEN) return dues;
  const onGrid = dues.filter((due) => due.getTime() % GRID_MS === 0);
  // Every minute: it looks for what is due itself, and is asked often. Every few minutes: it works on data.
  return dues.length > 2 * onGrid.length ? onGrid : dues.filter((_, at) => at === 0 || at === dues.length - 1);
}

async function lettersOf(
  db: Database,
  before: number,
  context: Pick<Context, 'clock' | 'rules'>,
  { platforms, preview }: RehearsalTools,
) {
  const people = openPeople(db, context.clock);
  const destinations = openDestinations(db, context.clock);
  await destinations.load();
  const lines = openLines({ people, rules: context.rules, destinations, platforms });
  const rows = await lettersAfter(db, before);
  const planned: Planned[] = [];
  const held = new Map<number, string>();
  for (const row of rows) {
    const found = await lines.find(row.to);
    const line = 'line' in found ? lines.open(found.line) : undefined;
    if (line)
      planned.push({
        seq: row.seq,
        at: Math.max(row.createdAt.getTime(), row.notBefore.getTime()),
        class: row.class,
        line,
      });
    else held.set(row.seq, 'held' in found ? found.held : 'its destination is gone');
  }
  const outs = timetable(planned, context.clock.zone);
  const lineOf = new Map(planned.map(({ seq, line }) => [seq, line]));
  const letters: Rehearsal['letters'] = [];
  for (const [place, row] of rows.entries()) {
    const message = Message.parse(JSON.parse(row.message));
    const out = outs.get(row.seq);
    const line = lineOf.get(row.seq);
    letters.push({
      key: row.key,
      class: row.class,
      title: message.title ?? '',
      at: row.createdAt.toISOString(),
      out: out === undefined ? null : new Date(out).toISOString(),
      recipient: await recipientOf(row.to, people, context),
      destination: line ? maskAddress(line.key) : null,
      held: held.get(row.seq) ?? null,
      preview: place < DRAWN ? await preview(message, line?.platform.name ?? 'console') : null,
    });
  }
  letters.sort((a, b) => ((a.out ?? a.at) < (b.out ?? b.at) ? -1 : 1));
  return { letters };
}

/** Whom people would say it goes to. */
async function recipientOf(to: string, people: People, { rules }: Pick<Context, 'rules'>): Promise<string> {
  const [scheme, rest] = [schemeOf(to), restOf(to)];
  if (scheme === 'channel') return rules.channel(rest)?.title ?? rest;
  const person = scheme === 'person' ? await people.byId(rest) : null;
  return person?.name ?? (rules.channels().find(({ address }) => address === to)?.title || maskAddress(to));
}
