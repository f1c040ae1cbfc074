import { pino } from 'pino';
import type { Channel } from '../src/core/context.ts';
import { DeliveryError } from '../src/core/errors.ts';
import type { Message } from '../src/core/message.ts';
import type { Address, ChatPlatform, Limit } from '../src/core/platform.ts';
import { createDispatcher, type Dispatcher } from '../src/runtime/outbox/dispatcher.ts';
import { openOutbox } from '../src/runtime/outbox/outbox.ts';
import { createPace } from '../src/runtime/outbox/pace.ts';
import { openPeople } from '../src/runtime/people/people.ts';
import { scratchDatabase } from './scratch-database.ts';

/** How the next send goes. `lost`: no answer, delivered or not. `crash`: the process dies before or after it arrived. */
export type Fate =
  | 'ok'
  | 'retry'
  | 'limit'
  | 'refused'
  | 'gone'
  | 'moved'
  | 'lost-delivered'
  | 'lost'
  | 'crash-before'
  | 'crash-after';

/** What arrived on the fake platform. */
export interface Arrival {
  to: Address;
  text: string;
  key: string;
  at: number;
}

/** The real outbox on a real database, with a clock that is turned and platforms that fail on demand. */
export async function outboxWorld(options: { channels?: Channel[]; limits?: Limit[]; ofAll?: Limit[] } = {}) {
  const { db, remove } = await scratchDatabase();
  let now = Date.parse('2026-11-20T06:20:00Z');
  const clock = { zone: 'Asia/Shanghai', now: () => new Date(now) };
  const arrivals: Arrival[] = [];
  /** Every try, whatever became of it: what a platform's limits look at. */
  const tries: { to: Address; at: number }[] = [];
  const fates: Fate[] = [];
  const dead = new Set<string>();
  let processes = 0;
  let crashed = (): void => {};

  function platform(name: string, deduplicates: boolean): ChatPlatform<string> {
    const seen = new Map<string, string>();
    return {
      name,
      draws: new Set(),
      deduplicates,
      limits: () => options.limits ?? [],
      ...(options.ofAll && { limitsOfAll: options.ofAll }),
      draw: () => [],
      async send(to, text, { key = '' } = {}) {
        await new Promise((resolve) => setImmediate(resolve));
        tries.push({ to, at: now });
        const fate = fates.shift() ?? 'ok';
        const arrive = () => {
          if (deduplicates && seen.has(key)) {
            if (seen.get(key) !== text) throw new Error(`${key}: the same key with other bytes`);
            return;
          }
          seen.set(key, text);
          arrivals.push({ to, text, key, at: now });
        };
        const dying = new Promise<never>(() => {});
        switch (fate) {
          case 'retry':
            throw new DeliveryError('retry', 'busy');
          case 'limit':
            throw new DeliveryError('wait', 'too many', 30_000);
          case 'refused':
            throw new DeliveryError('refused', 'no');
          case 'gone':
            throw new DeliveryError('refused', 'no such group', undefined, { gone: true });
          case 'moved':
            throw new DeliveryError('refused', 'it moved', undefined, { movedTo: `${to}-new` });
          case 'lost-delivered':
            arrive();
            throw new DeliveryError('doubtful', 'no answer');
          case 'lost':
            throw new DeliveryError('doubtful', 'no answer');
          case 'crash-before':
            crashed();
            return dying;
          case 'crash-after':
            arrive();
            crashed();
            return dying;
          default:
            arrive();
            return {};
        }
      },
    };
  }
  const fakes = [platform('knows', true), platform('plain', false)];
  const platforms = new Map(fakes.map((one) => [one.name, one as ChatPlatform]));
  const channels = options.channels ?? [];
  const rules = {
    documents: async () => [],
    channels: () => channels,
    channel: (name: string) => channels.find((one) => one.name === name),
  };
  const texts = async (_: ChatPlatform, message: Message): Promise<unknown[]> =>
    message.blocks.flatMap((block) => (block.type === 'text' ? [`${message.title ?? ''}${block.text}`] : []));

  /** Transactions that fail before they come to the database. */
  let failing = 0;
  const failed = () => failing > 0 && failing-- > 0;
  const shaky = new Proxy(db, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== '$transaction' && name !== '$queryRaw') return value;
      return (...args: unknown[]) => {
        const statement = String((args[0] as { raw?: string[] } | undefined)?.raw?.[0] ?? '');
        if ((name === '$transaction' || statement.includes('UPDATE "Letter"')) && failed())
          return Promise.reject(new Error('database or disk is full'));
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });

  function newProcess(): Dispatcher {
    const runner = `process-${++processes}`;
    crashed = () => dead.add(runner);
    const people = openPeople(db, clock);
    const tools = { db: shaky, clock, log: pino({ level: 'silent' }), people, rules, platforms, parcels: texts };
    const alive = (one: string) => !dead.has(one);
    return createDispatcher({ ...tools, pace: createPace(db, clock), runner }, alive);
  }

  let dispatcher = newProcess();
  return {
    db,
    clock,
    arrivals,
    tries,
    fates,
    rules,
    platforms,
    outbox: openOutbox(db, clock),
    remove,
    /** The next writes of the dispatcher fail. */
    failWrites(count: number) {
      failing = count;
    },
    advance(ms: number) {
      now += ms;
    },
    current: () => dispatcher,
    /** Sends all that is due; a process that dies meanwhile is replaced by another one. Resolves when nothing is due. */
    async deliver(): Promise<void> {
      for (;;) {
        const before = processes;
        const died = new Promise<void>((resolve) => {
          const runner = `process-${before}`;
          crashed = () => {
            dead.add(runner);
            resolve();
          };
        });
        const done = await Promise.race([dispatcher.drain().then(() => true), died.then(() => false)]);
        if (done) return;
        dispatcher = newProcess();
      }
    },
    /** The process dies while nothing is under way. */
    crash(): void {
      crashed();
      dispatcher = newProcess();
    },
  };
}
export type OutboxWorld = Awaited<ReturnType<typeof outboxWorld>>;
