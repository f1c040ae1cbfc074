import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { textMessage } from '../../core/message.ts';
import type { ChatPlatform, Limit } from '../../core/platform.ts';
import { systemClock } from '../../core/time.ts';
import { type Database, openDatabase } from '../../store/db.ts';
import { migrate } from '../../store/migrate.ts';
import { openPeople } from '../people/people.ts';
import { createDispatcher } from './dispatcher.ts';
import { openOutbox } from './outbox.ts';
import { createPace } from './pace.ts';

type Line = (figure: string, values: object) => void;

const letters = (prefix: string, count: number, lines: number) =>
  Array.from({ length: count }, (_, at) => ({
    key: `${prefix}/${at}`,
    to: `bench:${at % lines}`,
    class: 'notice' as const,
    message: textMessage(`letter ${at}`),
  }));

/** Measures on a database of its own at `url`, synchronous = FULL as always; sends over HTTP to a server of its own. */
export async function benchOutbox(url: string, line: Line): Promise<void> {
  await migrate(url);
  const db = openDatabase(url);
  const server = createServer((_, response) => response.end('{"errcode":0}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await accepting(db, line);
    await sending(db, base, line);
  } finally {
    server.close();
    server.closeAllConnections();
    await db.$disconnect();
  }
}

async function accepting(db: Database, line: Line): Promise<void> {
  const outbox = openOutbox(db, systemClock('Asia/Shanghai'));
  let began = performance.now();
  const perSecond = (count: number) => Math.round((count / (performance.now() - began)) * 1000);
  for (const letter of letters('one', 2000, 10)) await outbox.post(letter);
  line('outbox.acceptInTurn', { lettersPerSecond: perSecond(2000) });
  const each = letters('each', 4000, 10);
  began = performance.now();
  const posters = Array.from({ length: 16 }, async (_, one) => {
    for (const letter of each.filter((_, at) => at % 16 === one)) await outbox.post(letter);
  });
  await Promise.all(posters);
  line('outbox.accept', { lettersPerSecond: perSecond(4000), posters: 16, wanted: 1000 });
  const many = letters('many', 40_000, 10);
  began = performance.now();
  for (let at = 0; at < many.length; at += 2000) await outbox.postAll(many.slice(at, at + 2000));
  line('outbox.acceptBatch', { lettersPerSecond: perSecond(40_000), wanted: 20_000 });
  await db.letter.deleteMany();
}

async function sending(db: Database, base: string, line: Line): Promise<void> {
  const clock = systemClock('Asia/Shanghai');
  const begun = new Map<string, number>();
  let limits: Limit[] = [];
  const bench: ChatPlatform = {
    name: 'bench',
    draws: new Set(),
    deduplicates: false,
    limits: () => limits,
    draw: () => [],
    async send(_, body, { key = '' } = {}) {
      begun.set(key, performance.now());
      await (await fetch(base, { method: 'POST', body: Buffer.from(String(body)) })).json();
      return {};
    },
  };
  const rules = { documents: async () => [], channel: () => undefined, channels: () => [] };
  const tools = {
    db,
    clock,
    log: pino({ level: 'error' }),
    people: openPeople(db, clock),
    rules,
    platforms: new Map([['bench', bench]]),
    parcels: async (_: ChatPlatform, message: object) => [JSON.stringify(message)],
    pace: createPace(db, clock),
    runner: 'bench',
  };
  const dispatcher = createDispatcher(tools, () => true);
  const outbox = openOutbox(db, clock, dispatcher.wake);
  await dispatcher.start();

  const done = async (prefix: string, count: number) => {
    while ((await db.letter.count({ where: { state: 'sent', key: { startsWith: prefix } } })) < count) await sleep(20);
  };
  for (const lines of [1, 20]) {
    const began = performance.now();
    await outbox.postAll(letters(`send${lines}`, 3000, lines));
    await done(`send${lines}/`, 3000);
    const lettersPerSecond = Math.round((3000 / (performance.now() - began)) * 1000);
    line('outbox.send', { destinations: lines, lettersPerSecond, wanted: 500 });
  }

  const pickups: number[] = [];
  for (const letter of letters('pick', 200, 10)) {
    await outbox.post(letter);
    const posted = performance.now();
    await sleep(80 + Math.random() * 20);
    pickups.push(Math.max(0, (begun.get(`${letter.key}#0`) ?? Number.POSITIVE_INFINITY) - posted));
  }
  pickups.sort((a, b) => a - b);
  const at = (share: number) => Math.round((pickups[Math.floor(pickups.length * share)] ?? 0) * 10) / 10;
  line('outbox.pickUp', { p50: at(0.5), p99: at(0.99), unit: 'ms', wantedP99: 50 });

  limits = [{ count: 20, ms: 60_000 }];
  const rss = () => Math.round(process.memoryUsage().rss / 2 ** 20);
  await outbox.postAll(letters('limited', 10_000, 50));
  await sleep(3000);
  const early = rss();
  await sleep(12_000);
  const { queued, eta } = await dispatcher.forecast();
  line('outbox.queued', {
    queued,
    etaMinutes: eta && Math.round((eta.getTime() - clock.now().getTime()) / 60_000),
    rssMb: [early, rss()],
  });
  await dispatcher.stop();
}
