import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Arrival } from './crash-proof/destination.ts';
import { type Invariant, judge, type Row } from './crash-proof/judge.ts';
import type { Posted } from './crash-proof/letters.ts';
import { crashProof } from './crash-proof/main.ts';
import { type PlannedLetter, planHistory } from './crash-proof/plan.ts';

const ROOT = join(import.meta.dirname, '..');

describe('the crash proof', () => {
  it('holds for a few histories of the built service; `npm run crash-proof` runs as many as are wanted', async () => {
    const { proof, stories } = await crashProof({ root: ROOT, histories: 2, seed: 7, speed: 10, recoveryMs: 60_000 });
    expect(stories).toEqual([]);
    expect(proof).toMatchObject({ lost: 0, duplicates: 0, violations: 0 });
    expect(proof.kills).toBeGreaterThanOrEqual(2);
    expect(proof.letters).toBeGreaterThan(10);
  }, 120_000);

  it('makes the same history of the same seed', () => {
    const plan = (seed: number) => planHistory(seed, ['console', 'telegram'], ['point']);
    expect(plan(3)).toEqual(plan(3));
    expect(plan(3)).not.toEqual(plan(4));
  });
});

/** Two letters to one conversation, of two pieces each, that arrived as they should. */
function evidence(scheme: string, kind: 'notice' | 'broadcast' = 'notice') {
  const to = `${scheme}:room`;
  const posted = ['h1-0', 'h1-1'].map((id): Posted => {
    const plan: PlannedLetter = {
      id,
      at: 0,
      scheme,
      conversation: 0,
      class: kind,
      way: 'transaction',
      lines: 2,
      lineLength: 0,
      picture: false,
      astray: undefined,
      channel: undefined,
      perishable: false,
    };
    return { plan, key: `proof/${id}`, to, pieces: [`${id}-0`, `${id}-1`], committed: 'yes' };
  });
  const rows = new Map<string, Row>(
    posted.map(({ key }, at) => [
      key,
      { seq: at + 1, key, state: 'sent', reason: null, repeats: 0, attempts: 0, mergedInto: null },
    ]),
  );
  const arrivals: Arrival[] = posted.map(({ pieces }) => ({ address: to, pieces: [...pieces], marked: false }));
  return { posted, rows, arrivals, deduplicating: new Set(['console']), silent: new Map() };
}
type Evidence = ReturnType<typeof evidence>;

const row = ({ rows }: Evidence, key = 'proof/h1-0') => rows.get(key) as Row;

describe('the judge of the crash proof', () => {
  const found = (facts: Evidence) => [...new Set(judge(facts).violations.map(({ invariant }) => invariant))];

  it.each(['console', 'telegram'])('finds nothing where all is well on %s', (scheme) => {
    expect(found(evidence(scheme))).toEqual([]);
  });

  it.each<[Invariant, string, (facts: Evidence) => void]>([
    ['nothing-lost', 'a row is missing', ({ rows }) => rows.delete('proof/h1-1')],
    ['nothing-lost', 'half a letter did not arrive', ({ arrivals }) => arrivals[1]?.pieces.pop()],
    ['nothing-lost', 'it went elsewhere', ({ arrivals }) => Object.assign(arrivals[1] ?? {}, { address: 'x:y' })],
    [
      'nothing-invented',
      'what was rolled back was seen',
      ({ posted }) => Object.assign(posted[0] ?? {}, { committed: 'no' }),
    ],
    ['queue-drains', 'a letter stays', (facts) => Object.assign(row(facts), { state: 'sending' })],
    ['end-has-a-reason', 'dead without a word', (facts) => Object.assign(row(facts), { state: 'dead', reason: null })],
    ['end-has-a-reason', 'held for nothing', (facts) => Object.assign(row(facts), { state: 'held', reason: 'x' })],
    ['repeats-are-marked', 'a repetition says nothing', ({ arrivals }) => arrivals.push(...arrivals.slice(0, 1))],
    ['order-kept', 'the second came first', ({ arrivals }) => arrivals.reverse()],
    ['order-kept', 'pieces change places', ({ arrivals }) => arrivals[0]?.pieces.reverse()],
  ])('%s: %s', (invariant, _, spoil) => {
    const facts = evidence('telegram');
    spoil(facts);
    expect(found(facts)).toContain(invariant);
  });

  it('allows a repetition that says so, of a notice, where nothing is de-duplicated', () => {
    const again = (facts: Evidence) => {
      const [first] = facts.arrivals;
      if (first) facts.arrivals.push({ ...first, marked: true });
      return facts;
    };
    expect(found(again(evidence('telegram')))).toEqual([]);
    expect(found(again(evidence('telegram', 'broadcast')))).toEqual(['broadcast-not-repeated']);
    expect(found(again(evidence('console')))).toEqual(['once-where-known']);
  });

  it('allows no doubt where repetitions are swallowed', () => {
    const facts = evidence('console');
    Object.assign(row(facts), { state: 'doubtful', reason: 'it may have arrived' });
    expect(found(facts)).toEqual(['once-where-known']);
  });
});
