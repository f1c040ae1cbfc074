import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GuankeEmulator, planDay, startGuankeEmulator } from '../../../test/emulators/guanke.ts';
import { scratchDatabase } from '../../../test/scratch-database.ts';
import { type GuankeAccount, openGuanke } from './index.ts';

const DAY = '2025-10-25';
const PASSWORD = { username: 'fieldbell', password: 'p@ss&word' };

describe('a Guanke', { timeout: 60_000 }, () => {
  let scratch: Awaited<ReturnType<typeof scratchDatabase>>;
  let emulator: GuankeEmulator;
  let now = Date.parse('2025-10-26T14:20:00+08:00');
  const clock = { zone: 'Asia/Shanghai', now: () => new Date(now) };
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const signal = new AbortController().signal;

  function guanke(account: Partial<GuankeAccount> = {}, timeoutMs = 10_000) {
    const whole = { baseUrl: emulator.url, signIn: PASSWORD, recordsPath: '/task/cdr/all2', atOnce: 8, ...account };
    const patience = { tries: 3, firstPauseMs: 2, longestPauseMs: 5_000 };
    return openGuanke(whole as GuankeAccount, { clock, log, db: scratch.db }, { timeoutMs, patience });
  }
  const raw = (values: Record<string, unknown>) => values;
  const ids = (scan: { rows: readonly Record<string, unknown>[] }) => scan.rows.map((row) => row['id']);
  const trueIds = () => (emulator.days.get(DAY) ?? []).map(({ id }) => id).sort();
  const signIns = () => emulator.asked.filter((one) => one === 'token').length;

  beforeEach(async () => {
    now = Date.parse('2025-10-26T14:20:00+08:00');
    scratch = await scratchDatabase();
    emulator = await startGuankeEmulator({ clock });
    emulator.days.set(DAY, planDay(DAY, { records: 4_500, nine: 22, one: 2, decoys: 3 }));
  });
  afterEach(async () => {
    await emulator.close();
    await scratch.remove();
  });

  it.each([
    ['/task/cdr/all2', true],
    ['/task/cdr/all2', false],
    ['/call_record/getCallRecord', true],
  ] as const)('gives every record of %s once, ids as they are (numbers: %s)', async (recordsPath, numericIds) => {
    emulator.knobs.numericIds = numericIds;
    const scan = await guanke({ recordsPath }).records(DAY, raw, { signal });
    expect(scan).toMatchObject({ pages: { read: 5, expected: 5 }, expected: 4_500, repeated: 0, retries: 0 });
    expect(scan.problem).toBeUndefined();
    expect(ids(scan).sort()).toEqual(trueIds());
    // The number of a person never leaves the source.
    expect(Object.keys(scan.rows[0] ?? {})).not.toContain('phone');
    expect(emulator.asked.filter((one) => one.startsWith('records'))).toHaveLength(5);
  });

  it('asks for several pages at once, within the budget', async () => {
    emulator.days.set(DAY, planDay(DAY, { records: 12_000 }));
    emulator.knobs.latencyMs = 20;
    const one = guanke({ atOnce: 3 });
    await Promise.all([one.records(DAY, raw, { signal }), one.stat(DAY, 'account', { signal })]);
    expect(emulator.busiest).toBe(3);
  });

  it('reads statistics without pseudo rows, with or without a total, a day at a time', async () => {
    const truth = emulator.truth(DAY);
    for (const [pseudoRows, total] of [
      [true, true],
      [true, false],
      [false, false],
    ] as const) {
      Object.assign(emulator.knobs, { pseudoRows, total });
      const accounts = await guanke().stat(DAY, 'account', { signal });
      expect(accounts.total).toEqual({ dialled: truth.dialled, connected: truth.connected, success: 24 });
      expect(accounts.rows.map(({ name }) => name).sort()).toEqual([
        '坐席A01',
        '坐席A02',
        '坐席A03',
        '坐席A04',
        '坐席A05',
      ]);
    }
    const tasks = await guanke().stat(DAY, 'task', { signal });
    expect(tasks.rows.reduce((sum, row) => sum + row.dialled, 0)).toBe(truth.dialled);
    expect(tasks.rows[0]?.id).toMatch(/^379\d{4}$/);
    emulator.misbehave({ kind: 'half' }, { on: 'stat' });
    expect(await guanke().stat(DAY, 'account', { signal })).toMatchObject({ rows: [], total: { dialled: 0 } });
  });

  it('signs in once for all, also after a restart; by secret too; anew before 30 days are over', async () => {
    const one = guanke();
    await Promise.all(['account', 'task', 'line'].map((kind) => one.stat(DAY, kind as 'task', { signal })));
    await guanke().stat(DAY, 'account', { signal });
    expect(signIns()).toBe(1);
    now += 30 * 86_400_000;
    await guanke().stat(DAY, 'account', { signal });
    expect(signIns()).toBe(2);
    await guanke({ signIn: { secret: 'console-secret' } }).stat(DAY, 'account', { signal });
    expect(signIns()).toBe(3);
  });

  it.each([1_000_001, 1_000_002] as const)('signs in anew where the token is refused with %s', async (code) => {
    const one = guanke();
    await one.stat(DAY, 'account', { signal });
    emulator.revokeTokens(code);
    expect(ids(await one.records(DAY, raw, { signal })).sort()).toEqual(trueIds());
    expect(signIns()).toBe(2);
    emulator.misbehave({ kind: 'http', status: 401 }, { on: 'stat' });
    await one.stat(DAY, 'account', { signal });
    expect(signIns()).toBe(3);
  });

  it('reads on when tokens end in the middle, and when one sign-in ends the other', async () => {
    emulator.knobs.callsPerToken = 3;
    emulator.knobs.oneToken = true;
    const scan = await guanke({ atOnce: 2 }).records(DAY, raw, { signal });
    expect(ids(scan).sort()).toEqual(trueIds());
    expect(scan.problem).toBeUndefined();
  });

  it('does not insist on a wrong password', async () => {
    const wrong = guanke({ signIn: { ...PASSWORD, password: 'hunter2' } });
    await expect(wrong.records(DAY, raw, { signal })).rejects.toMatchObject({ name: 'SetupError' });
    expect(signIns()).toBe(1);
    expect(await wrong.health()).toContain('refuses the sign-in');
  });

  it.each([
    ['a gateway in trouble', { kind: 'http', status: 502 }],
    ['a limit', { kind: 'http', status: 429, headers: { 'retry-after': '0' } }],
    ['another code', { kind: 'code', code: 500 }],
    ['a page', { kind: 'page' }],
    ['half an answer', { kind: 'truncated' }],
    ['a cut connection', { kind: 'reset' }],
    ['no answer', { kind: 'hang' }],
  ] as const)('survives %s; when it stays says which pages are missing', async (_, trouble) => {
    const one = trouble.kind === 'hang' ? guanke({ atOnce: 2 }, 800) : guanke();
    emulator.misbehave(trouble, { times: 2, page: 3 });
    const scan = await one.records(DAY, raw, { signal });
    expect(scan.pages).toEqual({ read: 5, expected: 5 });
    expect(scan.retries).toBeGreaterThanOrEqual(2);
    expect(ids(scan).sort()).toEqual(trueIds());
    emulator.misbehave(trouble, { times: 3, page: 3 });
    const partial = await one.records(DAY, raw, { signal });
    expect(partial).toMatchObject({ pages: { read: 4, expected: 5 }, expected: 4_500 });
    expect(partial.rows).toHaveLength(3_500);
    expect(partial.problem).toContain('1 of 5 pages could not be read');
    emulator.misbehave(trouble, { times: 3, page: 1 });
    await expect(one.records(DAY, raw, { signal })).rejects.toMatchObject({ name: 'UpstreamError' });
    expect(await one.health()).toMatch(/^failed at 2025-/);
  });

  it('finds what shifting pages have hidden, and takes what comes twice once', async () => {
    const late = planDay(DAY, { records: 3, seed: 2 });
    emulator.knobs.growth = () => late.pop() ?? null;
    expect(ids(await guanke().records(DAY, raw, { signal })).sort()).toEqual(trueIds());
    expect(trueIds()).toHaveLength(4_503);
    emulator.knobs.growth = null;
    emulator.knobs.repeatedRows = 5;
    const scan = await guanke().records(DAY, raw, { signal });
    expect(ids(scan).sort()).toEqual(trueIds());
    expect(scan.problem).toBeUndefined();
    expect(scan.repeated).toBe(20);
  });

  it('does not look into answers that an earlier reading saw; into all of them where one differs', async () => {
    const one = guanke();
    const { seen } = await one.records(DAY, raw, { signal });
    expect(seen).toMatchObject({ expected: 4_500 });
    const again = await one.records(DAY, raw, { signal, seen });
    expect(again).toMatchObject({ unchanged: true, rows: [], pages: { read: 5, expected: 5 }, expected: 4_500 });
    Object.assign(emulator.days.get(DAY)?.[1_200] ?? {}, { grade: 'AS1-成功单9元' });
    const other = await one.records(DAY, raw, { signal, seen });
    expect(other.unchanged).toBeUndefined();
    expect(ids(other).sort()).toEqual(trueIds());
    emulator.misbehave({ kind: 'reset' }, { times: 3, page: 5 });
    const partial = await one.records(DAY, raw, { signal, seen: other.seen });
    expect(partial).toMatchObject({ pages: { read: 4, expected: 5 } });
    expect(partial.rows).toHaveLength(4_000);
    expect(partial).not.toHaveProperty('unchanged');
    expect(partial).not.toHaveProperty('seen');
  });

  it('asks again where a page gives too few rows, and says so where it stays', async () => {
    emulator.misbehave({ kind: 'half' }, { page: 2 });
    expect(ids(await guanke().records(DAY, raw, { signal })).sort()).toEqual(trueIds());
    emulator.misbehave({ kind: 'half' }, { page: 2, times: 3 });
    const scan = await guanke().records(DAY, raw, { signal });
    expect(scan.rows).toHaveLength(4_000);
    expect(scan.problem).toBe('4000 records were given of 4500, also when asked 3 times');
  });

  it('takes of today what is over, so that nothing moves', async () => {
    now = Date.parse(`${DAY}T14:20:00+08:00`);
    emulator.knobs.growth = () => null;
    const scan = await guanke().records(DAY, raw, { signal });
    expect(scan.rows.length).toBe(emulator.truth(DAY).records);
    expect(scan.rows.length).toBeLessThan(4_500);
  });

  it('never writes a password, a secret or a token into the log', async () => {
    await guanke().records(DAY, raw, { signal });
    emulator.misbehave({ kind: 'reset' });
    await guanke({ signIn: { secret: 'console-secret' } }).records(DAY, raw, { signal });
    expect(lines.join('')).not.toMatch(/emu_|p@ss|p%40ss|console-secret/);
    expect(lines.join('')).toContain('asked again');
  });
});
