import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmulatedCard, type MetabaseEmulator, startMetabaseEmulator } from '../../../test/emulators/metabase.ts';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import { type MetabaseAccount, openMetabase } from './index.ts';

const DAY_MS = 86_400_000;
const COLUMNS = [{ name: '_id', heading: '合同ID' }, { name: 'amount', heading: '合同金额' }, { name: 'day' }];

const contracts = (count: number): EmulatedCard['rows'] =>
  Array.from({ length: count }, (_, n) => ({
    _id: `bigint:${1_000_000_000_000_000_000n + BigInt(n)}`,
    amount: n + 0.5,
    day: `2025-10-${String(1 + (n % 30)).padStart(2, '0')}`,
  }));

const BY_DAYS: Pick<EmulatedCard, 'tags' | 'lets'> = {
  tags: { from: { required: true }, to: { required: true } },
  lets: (row, given) => `${row['day']}` >= `${given.get('from')}` && `${row['day']}` <= `${given.get('to')}`,
};

const RULES = `
feeds:
  rewards.contracts:
    - { card: 7, aliases: { money: [missing, amount] }, constants: { province: "110000" } }
  few.days:
    - card: 8
      parameters:
        - { tag: from, type: date/single, value: "{from}" }
        - { tag: to, type: date/single, value: "{to}" }
  broken.card: [{ card: 99 }]
`;

describe('a Metabase', () => {
  let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
  let emulator: MetabaseEmulator;
  let now = Date.parse('2026-11-20T06:20:00Z');
  let rules = RULES;
  const clock = { zone: 'Asia/Shanghai', now: () => new Date(now) };
  const cards: Record<number, EmulatedCard> = {};
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const password = { username: 'fieldbell@example.com', password: 'secret' };
  const signal = new AbortController().signal;

  function metabase(signIn: MetabaseAccount['signIn'] = password, timeoutMs = 10_000) {
    const documents = async () => [{ file: 'rules/metabase.yaml', text: rules }];
    const patience = { tries: 3, firstPauseMs: 2, longestPauseMs: 5_000 };
    const tools = { clock, log, db: scratch.db, rules: { documents } };
    return openMetabase({ url: emulator.url, signIn }, tools, { timeoutMs, patience });
  }
  const read = async (feed = 'rewards.contracts', one = metabase()) => (await one.answers(feed, { signal }))[0];

  beforeEach(async () => {
    scratch = await scratchDatabase();
    rules = RULES;
    cards[7] = { columns: COLUMNS, rows: contracts(3) };
    cards[8] = { columns: COLUMNS, rows: contracts(2_500), ...BY_DAYS };
    emulator = await startMetabaseEmulator({ cards, clock, apiKey: 'mb_key', account: password });
  });
  afterEach(async () => {
    await emulator.close();
    await scratch.remove();
  });

  it('answers by name, heading and alias, with long ids as they are', async () => {
    const answer = await read();
    expect(answer?.rows[0]).toEqual({
      line: 1,
      values: {
        _id: '1000000000000000000',
        合同ID: '1000000000000000000',
        amount: 0.5,
        合同金额: 0.5,
        day: '2025-10-01',
        money: 0.5,
        province: '110000',
      },
    });
    expect(answer?.columns).toEqual(['_id', 'amount', 'day']);
  });

  it('signs in once for all that ask, also after a restart, and anew after 14 days', async () => {
    const first = metabase();
    await Promise.all([read(undefined, first), read(undefined, first), read(undefined, first)]);
    await read();
    expect(emulator.asked.filter((one) => one === 'session')).toHaveLength(1);
    now += 14 * DAY_MS;
    await read();
    expect(emulator.asked.filter((one) => one === 'session')).toHaveLength(2);
    expect(emulator.asked.at(-2)).toBe('session');
  });

  it('signs in anew at once where the session is no longer known, and asks again', async () => {
    const one = metabase();
    await read(undefined, one);
    emulator.forgetSessions();
    const answers = await Promise.all([read(undefined, one), read(undefined, one)]);
    expect(answers.map((answer) => answer?.rows.length)).toEqual([3, 3]);
    expect(emulator.asked.filter((asked) => asked === 'session')).toHaveLength(2);
  });

  it('takes a key instead', async () => {
    expect((await read(undefined, metabase({ apiKey: 'mb_key' })))?.rows).toHaveLength(3);
    expect(emulator.asked).toEqual(['query 7']);
    await expect(read(undefined, metabase({ apiKey: 'wrong' }))).rejects.toThrow('METABASE_API_KEY');
  });

  it('does not insist on a wrong password, and waits where sign-ins are throttled', async () => {
    const wrong = metabase({ ...password, password: 'wrong' });
    for (let n = 0; n < 10; n++) await expect(read(undefined, wrong)).rejects.toThrow('METABASE_PASSWORD');
    expect(emulator.asked).toHaveLength(10);
    await expect(read()).rejects.toThrow('too many attempts');
    now += 14_000;
    setTimeout(() => {
      now += 1_000;
    }, 500);
    expect((await read())?.rows).toHaveLength(3);
  });

  it('exports an answer that was cut', async () => {
    cards[7] = { columns: COLUMNS, rows: contracts(2_001) };
    const answer = await read();
    expect(answer?.rows).toHaveLength(2_001);
    expect(answer?.rows.at(-1)?.values).toMatchObject({ _id: '1000000000000002000', amount: 2000.5, money: 2000.5 });
    expect(answer?.notes).toEqual(['card 7: cut after 2000 rows, 2001 by export']);
    cards[7] = { columns: COLUMNS, rows: contracts(2_000) };
    expect(await read()).toMatchObject({ notes: [] });
  });

  it('asks for days in parts where an answer is cut and may not be exported', async () => {
    cards[8] = { columns: COLUMNS, rows: contracts(6_000), ...BY_DAYS, export: false };
    const days = { from: '2025-10-01', to: '2025-10-30' };
    const [answer] = await metabase().answers('few.days', { days, signal });
    expect(answer?.rows).toHaveLength(6_000);
    expect(new Set(answer?.rows.map((row) => row.values['_id'])).size).toBe(6_000);
    cards[8] = { columns: COLUMNS, rows: contracts(70_000), ...BY_DAYS, export: false };
    await expect(metabase().answers('few.days', { days, signal })).rejects.toThrow('cuts its answer after 2000 rows');
    cards[7] = { columns: COLUMNS, rows: contracts(3_000), export: false };
    await expect(read()).rejects.toThrow('card 7 cannot be exported');
  });

  it.each([
    ['a gateway in trouble', { kind: 'http', status: 502 }],
    ['a limit', { kind: 'http', status: 429, headers: { 'retry-after': '0' } }],
    ['a page', { kind: 'page' }],
    ['half an answer', { kind: 'truncated' }],
    ['a cut connection', { kind: 'reset' }],
    ['no answer', { kind: 'hang' }],
    ['a query that failed', { kind: 'failed', error: 'Timed out after 5.0 mins' }],
    ['a slow answer', { kind: 'delay', ms: 20 }],
  ] as const)('survives %s, and says so when it stays', async (_, trouble) => {
    const patient = () => metabase(password, trouble.kind === 'hang' ? 700 : undefined);
    await read();
    emulator.misbehave(trouble, { times: 2 });
    expect((await read(undefined, patient()))?.rows).toHaveLength(3);
    if (trouble.kind === 'delay') return;
    emulator.misbehave(trouble, { times: 3 });
    const one = patient();
    await expect(read(undefined, one)).rejects.toMatchObject({ name: 'UpstreamError' });
    expect(await one.health()).toMatch(/^failed at 2026-/);
    await read();
    expect(await one.health()).toBe('ok');
  });

  it('says what is wrong with the rules and the cards', async () => {
    await expect(metabase().answers('few.days', { signal })).rejects.toThrow('give --from and --to');
    await expect(read('broken.card')).rejects.toThrow('Metabase has no card 99');
    await expect(read('nobody.knows')).rejects.toThrow('no card feeds nobody.knows');
    rules = 'feeds:\n  rewards.contracts:\n    - { card: seven }\n    - card: 8\n      colour: red\n';
    await expect(read()).rejects.toThrow(/metabase\.yaml:3 .*card.*\n.*metabase\.yaml:5 .*colour: unknown key/);
  });

  it('never writes a password or a session into the log', async () => {
    const one = metabase();
    await read(undefined, one);
    const kept = await scratch.db.setting.findUnique({ where: { name: 'metabase.session' } });
    const { id } = JSON.parse(kept?.value ?? '') as { id: string };
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.join('')).not.toMatch(new RegExp(`${id}|secret`));
    expect(kept?.value).not.toContain('secret');
  });
});
