import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textMessage } from '../src/core/message.ts';
import { type Fate, type OutboxWorld, outboxWorld } from './outbox-world.ts';

const LIMIT = { count: 5, ms: 60_000 };
const ALL = { count: 3, ms: 1_000 };
const ADDRESSES = ['knows:a', 'plain:a', 'plain:b'] as const;
const MARK = '（重发）';

/** What was posted, by key, in the order of posting. */
interface Model {
  posted: { key: string; to: string; class: 'notice' | 'broadcast' }[];
}
type Step = fc.AsyncCommand<Model, OutboxWorld>;

class Post implements Step {
  readonly to: (typeof ADDRESSES)[number];
  readonly letterClass: 'notice' | 'broadcast';
  readonly count: number;
  readonly fates: Fate[];
  constructor(to: (typeof ADDRESSES)[number], letterClass: 'notice' | 'broadcast', count: number, fates: Fate[]) {
    this.to = to;
    this.letterClass = letterClass;
    this.count = count;
    this.fates = fates;
  }
  check = () => true;
  async run(model: Model, world: OutboxWorld): Promise<void> {
    world.fates.push(...this.fates);
    for (let n = 0; n < this.count; n++) {
      const key = `k${model.posted.length}`;
      model.posted.push({ key, to: this.to, class: this.letterClass });
      const letter = { key, to: this.to, class: this.letterClass, message: textMessage(key) };
      expect(await world.outbox.post(letter)).toBe('queued');
      expect(await world.outbox.post(letter)).toBe('duplicate');
    }
  }
  toString = () => `post(${this.count} × ${this.to}, ${this.letterClass}, [${this.fates}])`;
}

class Deliver implements Step {
  check = () => true;
  async run(_: Model, world: OutboxWorld): Promise<void> {
    await world.deliver();
    await invariants(world);
  }
  toString = () => 'deliver';
}

class Pass implements Step {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  async run(_: Model, world: OutboxWorld): Promise<void> {
    world.advance(this.ms);
  }
  toString = () => `pass(${this.ms} ms)`;
}

class Crash implements Step {
  check = () => true;
  async run(_: Model, world: OutboxWorld): Promise<void> {
    world.crash();
  }
  toString = () => 'crash';
}

/** What holds at every moment. */
async function invariants(world: OutboxWorld): Promise<void> {
  for (const address of ADDRESSES)
    windowsHold(
      world.tries.filter(({ to }) => to === address),
      LIMIT,
    );
  for (const scheme of ['knows', 'plain'])
    windowsHold(
      world.tries.filter(({ to }) => to.startsWith(scheme)),
      ALL,
    );
  const texts = world.arrivals.map(({ to, text }) => `${to} ${text}`);
  const unmarked = texts.filter((text) => !text.includes(MARK));
  expect(unmarked).toEqual([...new Set(unmarked)]);
  for (const { to, text } of world.arrivals) if (text.includes(MARK)) expect(to).toMatch(/^plain:/);
}

function windowsHold(tries: readonly { at: number }[], { count, ms }: { count: number; ms: number }): void {
  tries.forEach(({ at }, index) => {
    const earlier = tries[index - count];
    if (earlier) expect(at - earlier.at).toBeGreaterThanOrEqual(ms);
  });
}

/** What holds when everything has come to its end. */
async function ends(model: Model, world: OutboxWorld): Promise<void> {
  const letters = await world.db.letter.findMany({ orderBy: { seq: 'asc' } });
  expect(letters.map(({ key }) => key)).toEqual(model.posted.map(({ key }) => key));
  const repeats = letters.reduce((sum, letter) => sum + letter.repeats, 0);
  expect(await world.current().forecast()).toMatchObject({ queued: 0, sending: 0, repeated: repeats, eta: null });
  const arrivedOf = (key: string) => world.arrivals.filter((one) => one.key.split('#')[0] === key);
  for (const { key, state, class: letterClass, to, repeats: marked } of letters) {
    const arrived = arrivedOf(key);
    expect(['sent', 'doubtful', 'dead']).toContain(state);
    if (state === 'sent') expect(arrived.length).toBeGreaterThan(0);
    if (letterClass === 'broadcast' || to.startsWith('knows')) expect(arrived.length).toBeLessThanOrEqual(1);
    expect(arrived.length).toBeLessThanOrEqual(marked + 1);
    if (state === 'dead' && marked === 0) expect(arrived).toEqual([]);
  }
  // First arrivals of a destination and a class come in the order of posting.
  for (const address of ADDRESSES) {
    for (const letterClass of ['notice', 'broadcast']) {
      const keys = new Set(
        model.posted.filter((one) => one.to === address && one.class === letterClass).map((one) => one.key),
      );
      const order = world.arrivals.map(({ key }) => key.split('#')[0] ?? '').filter((key) => keys.has(key));
      const firsts = [...new Set(order)];
      expect(firsts).toEqual([...keys].filter((key) => firsts.includes(key)));
    }
  }
}

describe('the outbox, whatever happens', () => {
  const fate = fc.constantFrom<Fate>(
    'ok',
    'ok',
    'retry',
    'limit',
    'refused',
    'lost-delivered',
    'lost',
    'crash-before',
    'crash-after',
  );
  const steps = [
    fc
      .tuple(
        fc.constantFrom(...ADDRESSES),
        fc.constantFrom('notice' as const, 'broadcast' as const),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fate, { maxLength: 4 }),
      )
      .map(([to, letterClass, count, fates]) => new Post(to, letterClass, count, fates)),
    fc.constant(new Deliver()),
    fc.constantFrom(300, 5_000, 61_000).map((ms) => new Pass(ms)),
    fc.constant(new Crash()),
  ];

  it('loses nothing, doubles nothing unmarked, keeps order and limits', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async (commands) => {
        const world = await outboxWorld({ limits: [LIMIT], ofAll: [ALL] });
        try {
          const model: Model = { posted: [] };
          await fc.asyncModelRun(() => ({ model, real: world }), commands);
          world.fates.length = 0;
          for (let turn = 0; turn < 400; turn++) {
            await world.deliver();
            if ((await world.db.letter.count({ where: { state: { in: ['queued', 'sending'] } } })) === 0) break;
            world.advance(10_000);
          }
          await invariants(world);
          await ends(model, world);
        } finally {
          await world.remove();
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
