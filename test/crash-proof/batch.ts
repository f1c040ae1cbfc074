import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPictures } from '../../src/render/pictures.ts';
import { openOutbox } from '../../src/runtime/outbox/outbox.ts';
import { DIGEST } from '../../src/runtime/outbox/store.ts';
import { type Database, openDatabase } from '../../src/store/db.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type FastClock, fastClock } from './clock.ts';
import type { OpenDestination, ProofChannel } from './destination.ts';
import { FINAL, type Judgement, judge, type Violation } from './judge.ts';
import { type Posted, pictureHash, pictureName, pictureOf } from './letters.ts';
import { type History, type Kill, LONGEST_LIFE_MS } from './plan.ts';
import { postLetters } from './poster.ts';
import { createRecoveryWatch } from './recovery.ts';
import { type Program, type Running, startService } from './service.ts';
import { openWeather, type Weather } from './weather.ts';

export interface BatchResult extends Judgement {
  kills: number;
  /** Of these, at a named point. */
  atPoints: Readonly<Record<string, number>>;
  faults: Readonly<Record<string, number>>;
  /** Milliseconds of the service's clock. */
  recoveriesMs: number[];
  errors: string[];
  /** What is known of a letter, for people. */
  story(key: string): string;
}

export interface BatchOptions {
  root: string;
  speed: number;
  recoveryMs: number;
  open: readonly OpenDestination[];
  /** Two processes on the database; sometimes the second one is killed. */
  second: boolean;
  progress(line: string): void;
}

/** For how long the queue may take to drain, in milliseconds of the service's clock. */
const DRAIN_MS = 30 * 60_000;

/** Histories one after another on one database, then the queue drains and is judged. */
export async function runBatch(histories: readonly History[], options: BatchOptions): Promise<BatchResult> {
  const clock = fastClock(options.speed);
  const folder = await mkdtemp(join(tmpdir(), 'fieldbell-crash-proof-'));
  const databaseUrl = `file:${join(folder, 'fieldbell.db')}`;
  await migrate(databaseUrl);
  const db = openDatabase(databaseUrl);
  const { first, total } = conversations(histories);
  const opened = await Promise.all(options.open.map((open) => open({ conversations: total, clock, databaseUrl })));
  const weather = await openWeather(opened, clock);
  await writeFile(join(folder, 'channels.yaml'), channelsYaml(opened.flatMap(({ channels = [] }) => channels)));
  const log: string[] = [];
  const violations: Violation[] = [];
  const program: Program = {
    root: options.root,
    folder,
    settings: {
      DATABASE_URL: databaseUrl,
      FIELDBELL_DATA: folder,
      FIELDBELL_RULES: folder,
      FIELDBELL_SAMPLE: 'off',
      FIELDBELL_PORT: '0',
      FIELDBELL_ROLES: 'http,bots,dispatch',
      FIELDBELL_ADMIN_PASSWORD: 'crash-proof-password',
      LOG_FORMAT: 'json',
      CRASH_PROOF_CLOCK: clock.setting,
      ...Object.assign({}, ...opened.map((one) => one.settings(weather.url))),
    },
    onLine: (line) => log.push(line),
  };
  const tools = {
    db,
    clock,
    program,
    destinations: opened,
    outbox: openOutbox(db, clock),
    pictures: openPictures(join(folder, 'pictures')),
  };
  const watch = createRecoveryWatch(db, clock, options.recoveryMs);

  const kills = histories.flatMap((history) => history.kills);
  const atPoints: Record<string, number> = {};
  let killed = 0;
  let running: Running = start(kills[0]);
  let second = options.second ? startSecond() : undefined;
  function startSecond(): Running {
    return startService(program, undefined, { FIELDBELL_ROLES: 'bots,dispatch' });
  }
  function start(kill: Kill | undefined): Running {
    return startService(program, kill?.after === 'point' ? `${kill.point}:${kill.n}` : undefined);
  }
  async function die(kill: Kill): Promise<void> {
    if (second && kill.after !== 'point' && killed % 3 === 2) {
      await Promise.race([momentOf(kill, second, weather), second.ready.then(() => sleep(LONGEST_LIFE_MS))]);
      await second.kill();
      killed++;
      await watch.killed(second.pid);
      watch.started(running.ready.then(() => performance.now()));
      second = startSecond();
      return;
    }
    const moment = momentOf(kill, running, weather);
    const ended = running.ended.then(() => 'ended' as const);
    const what = await Promise.race([ended, moment, running.ready.then(() => sleep(LONGEST_LIFE_MS))]);
    await running.kill();
    if (what === 'ended' && kill.after === 'point') atPoints[kill.point] = (atPoints[kill.point] ?? 0) + 1;
    else if (what === 'ended') violations.push({ invariant: 'stays-up', what: `it ended by itself: ${log.at(-1)}` });
    killed++;
    await watch.killed(running.pid);
    running = start(kills[killed]);
    watch.started(running.ready);
  }

  const posted: Posted[] = [];
  try {
    for (const [at, history] of histories.entries()) {
      const timers = history.faults.map(({ at, scheme, fault }) => setTimeout(() => weather.spoil(scheme, fault), at));
      const posting = postLetters(history, { ...tools, firstConversation: first.map((of) => of.get(at) ?? 0) });
      for (const kill of history.kills) await die(kill);
      posted.push(...(await posting));
      for (const timer of timers) clearTimeout(timer);
      options.progress(`seed ${history.seed}: ${history.letters.length} letters, ${killed} kills so far`);
    }
    weather.clear();
    if ((await running.ready) === null)
      violations.push({ invariant: 'stays-up', what: `it did not come up: ${log.at(-1)}` });
    options.progress('the platforms behave; the queue drains');
    await drained(db, clock, options.progress);
    const codes = [await running.stop(), ...(second ? [await second.stop()] : [])];
    const code = codes.find((one) => one !== 0) ?? 0;
    if (code !== 0) violations.push({ invariant: 'stays-up', what: `told to stop, it ended with ${code}` });
    await watch.stop();

    const names = new Map(
      posted.filter(({ plan }) => plan.picture).map(({ plan }) => [pictureHash(pictureOf(plan)), pictureName(plan)]),
    );
    const pieceOf = (picture: Uint8Array | string) =>
      names.get(typeof picture === 'string' ? picture : pictureHash(picture));
    const arrived = await Promise.all(opened.map((one) => one.arrived(pieceOf)));
    const arrivals = arrived.flatMap((one) => one.arrivals);
    const letters = await db.letter.findMany({
      where: { OR: [{ key: { startsWith: 'proof/' } }, { key: { startsWith: DIGEST } }] },
    });
    const rows = new Map(letters.map((row) => [row.key, row]));
    const deduplicating = new Set(opened.filter((one) => one.deduplicates).map((one) => one.scheme));
    const silent = new Map(
      opened.flatMap(({ channels = [] }) =>
        channels.flatMap(({ name, silent: times }) => (times ? [[`channel:${name}`, times] as const] : [])),
      ),
    );
    const judged = judge({ posted, rows, arrivals, deduplicating, silent });
    violations.push(...judged.violations);
    for (const what of weather.overLimit()) violations.push({ invariant: 'limits-kept', what });
    for (const [at, { dropped }] of arrived.entries()) {
      if (dropped > 0)
        violations.push({ invariant: 'limits-kept', what: `${opened[at]?.scheme} dropped ${dropped} messages` });
    }
    for (const { ms, what } of watch.late())
      violations.push({ invariant: 'recovers-at-once', what: `${what} after ${Math.round(ms)} ms` });
    const secrets = [...opened.flatMap((one) => one.secrets), 'crash-proof-password'];
    const told = log.find((line) => secrets.some((secret) => line.includes(secret)));
    if (told) violations.push({ invariant: 'no-secret-in-the-log', what: told });
    return {
      ...judged,
      violations,
      kills: killed,
      atPoints,
      faults: weather.counts(),
      recoveriesMs: watch.recoveriesMs(),
      errors: log.filter((line) => /"level":[56]0/.test(line)),
      story(key) {
        const row = rows.get(key);
        const letter = posted.find((one) => one.key === key);
        const seen = arrivals.flatMap(({ address, pieces, marked }, at) => {
          const own = pieces.filter((piece) => letter?.pieces.includes(piece));
          return own.length > 0
            ? [`  arrived ${at} at ${address.slice(0, 24)}…${marked ? ' marked' : ''}: ${own.join(' ')}`]
            : [];
        });
        const { message: _, ...shown } = row ?? { message: '' };
        const said = log.filter((line) => line.includes(`"${key}"`)).map((line) => `  log ${line}`);
        return [JSON.stringify(letter), JSON.stringify(shown), ...seen, ...said].join('\n');
      },
    };
  } finally {
    await running.kill();
    await second?.kill();
    await weather.close();
    await Promise.all(opened.map((one) => one.close()));
    await db.$disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As the service reads it. JSON is YAML. */
function channelsYaml(channels: readonly ProofChannel[]): string {
  const shown = channels.map(({ silent: _, ...channel }) => channel);
  return JSON.stringify({ channels: [{ name: 'admins', address: 'console:admins' }, ...shown] });
}

/** Resolves when a kill is due; never for a named point, which the service keeps itself. */
async function momentOf(kill: Kill, running: Running, weather: Weather): Promise<void> {
  if (kill.after === 'point') return new Promise(() => {});
  if (kill.after === 'ready') await running.ready;
  if (kill.after === 'call') {
    let seen = 0;
    await new Promise<void>((resolve) => {
      weather.onCall((stage) => {
        if (stage === kill.stage && ++seen === kill.n) resolve();
      });
    });
  }
  await sleep(kill.ms);
}

/** Where each history's conversations begin, and how many there are of each platform. */
function conversations(histories: readonly History[]) {
  const schemes = [...new Set(histories.flatMap(({ letters }) => letters.map(({ scheme }) => scheme)))];
  const begins = new Map(schemes.map((scheme) => [scheme, [] as number[]]));
  let total = 0;
  for (const { letters } of histories) {
    const wanted = 1 + Math.max(0, ...letters.map(({ conversation }) => conversation));
    for (const starts of begins.values()) starts.push(total);
    total += wanted;
  }
  const first = {
    map: <T>(of: (history: Map<number, number>) => T) =>
      new Map([...begins].map(([scheme, starts]) => [scheme, of(new Map(starts.entries()))])),
  };
  return { first, total };
}

/** Waits until every letter has come to an end, or too long. */
async function drained(db: Database, clock: FastClock, progress: BatchOptions['progress']): Promise<void> {
  const began = clock.now().getTime();
  for (let looks = 1; clock.now().getTime() - began < DRAIN_MS; looks++) {
    const waiting = await db.letter.groupBy({ by: ['state'], where: { state: { notIn: [...FINAL] } }, _count: true });
    if (waiting.length === 0) return;
    if (looks % 100 === 0) progress(`waiting: ${waiting.map(({ state, _count }) => `${_count} ${state}`).join(', ')}`);
    await sleep(100);
  }
}
