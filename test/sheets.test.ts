import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './app.ts';
import { type EmulatedCard, type MetabaseEmulator, startMetabaseEmulator } from './emulators/metabase.ts';
import { type SmartSheetEmulator, startSmartSheetEmulator } from './emulators/wecom-smartsheet.ts';
import { CHANNELS, PROVIDERS } from './sla.ts';

const RULES = `
sheets:
  - name: project-settlement
    title: 项目结算
    webhook: SHEET_SETTLEMENT
    key: [合同编号]
    update: true
    fields:
      - { id: f1, label: 合同编号, from: contractdocNum }
      - { id: f2, label: 合同金额, from: [missing, adjustRefundMoney], type: number }
      - { id: f3, label: 签约日期, from: signedDate, type: date }
      - { id: f4, label: 部位, from: parts, type: multi }
  - { name: unset, title: 没有, webhook: SHEET_UNSET, key: [a], fields: [{ id: f1, label: a, from: a }] }
`;

describe('rows for WeCom tables', () => {
  let test: TestApp;
  let metabase: MetabaseEmulator;
  let table: SmartSheetEmulator;
  let rules: string;
  const cards: Record<number, EmulatedCard> = {};
  const columns = ['contractdocNum', 'adjustRefundMoney', 'signedDate', 'parts'].map((name) => ({ name }));
  const row = (n: number, more: Record<string, unknown> = {}) => ({
    contractdocNum: ` YHWX-${n} `,
    adjustRefundMoney: '12,300.00',
    signedDate: '2025-10-16 09:30',
    parts: '屋顶、外墙/阳台',
    ...more,
  });
  const show = (...rows: EmulatedCard['rows']) => {
    cards[2015] = { columns, rows };
  };
  const letters = () => test.app.context.db.letter.findMany();

  beforeEach(async () => {
    rules = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
    await mkdir(join(rules, 'sample'));
    await copyFile('rules/sample/providers.yaml', join(rules, 'sample/providers.yaml'));
    await writeFile(join(rules, 'providers.yaml'), PROVIDERS);
    await writeFile(join(rules, 'channels.yaml'), CHANNELS);
    await writeFile(join(rules, 'sheets.yaml'), RULES);
    await writeFile(join(rules, 'metabase.yaml'), 'feeds: { sheets.project-settlement: [{ card: 2015 }] }\n');
    metabase = await startMetabaseEmulator({ cards, apiKey: 'mb_key' });
    table = await startSmartSheetEmulator({
      key: 'sheet-secret',
      fields: { f1: 'text', f2: 'number', f3: 'date', f4: 'multi' },
    });
    test = await testApp({
      at: '2025-10-17T08:35:00+08:00',
      settings: {
        METABASE_URL: metabase.url,
        METABASE_API_KEY: 'mb_key',
        WECOM_API_BASE: table.url,
        SHEET_SETTLEMENT: 'sheet-secret',
        FIELDBELL_RULES: rules,
      },
    });
  });
  afterEach(async () => {
    await test.close();
    await metabase.close();
    await table.close();
    await rm(rules, { recursive: true, force: true });
  });

  it('are added once, each value as its field wants it, and written again when they change', async () => {
    show(row(1), row(2, { parts: null }), row(3, { contractdocNum: '' }), row(1));
    expect((await test.run('field.sheets')).counts).toMatchObject({ read: 4, new: 2, said: 2, skipped: 2 });
    expect(table.records).toEqual([
      {
        id: 'r1',
        values: {
          f1: 'YHWX-1',
          f2: 12300,
          f3: String(Date.parse('2025-10-16T09:30:00+08:00')),
          f4: [{ text: '屋顶' }, { text: '外墙' }, { text: '阳台' }],
        },
      },
      { id: 'r2', values: expect.not.objectContaining({ f4: expect.anything() }) },
    ]);
    expect((await test.run('field.sheets')).counts).toMatchObject({ new: 0, said: 0, updated: 0 });
    show(row(1, { adjustRefundMoney: 99.5 }), row(2), row(3));
    expect((await test.run('field.sheets')).counts).toMatchObject({ new: 1, said: 1, updated: 2 });
    expect(table.records.map(({ values }) => values['f2'])).toEqual([99.5, 12300, 12300]);
  });

  it('that may be there are not added again, and somebody is told', async () => {
    show(row(1), row(2));
    table.misbehave({ kind: 'reset', delivered: true });
    expect((await test.run('field.sheets')).counts).toMatchObject({ said: 0, doubtful: 2 });
    expect((await test.run('field.sheets')).counts).toMatchObject({ said: 0, skipped: 2 });
    expect(table.records).toHaveLength(2);
    const [told] = await letters();
    expect(told).toMatchObject({ to: 'channel:admins' });
    expect(told?.message).toContain('YHWX-2');
  });

  it('that surely did not arrive are added by the next run', async () => {
    show(row(1));
    table.misbehave({ kind: 'errcode', errcode: 45009 });
    const run = await test.run('field.sheets');
    expect(run.error).toContain('SHEET_SETTLEMENT');
    expect(run.error).not.toContain('sheet-secret');
    expect((await test.run('field.sheets')).counts).toMatchObject({ said: 1 });
    expect(table.records).toHaveLength(1);
  });

  it('of which one is bad stop no other; a bad one is tried again when it has changed', async () => {
    show(row(1), row(2, { adjustRefundMoney: 'much' }), row(3));
    expect((await test.run('field.sheets')).counts).toMatchObject({ said: 2, rejected: 1 });
    // The table has another type than the rules say.
    await writeFile(join(rules, 'sheets.yaml'), RULES.replace('from: signedDate, type: date', 'from: signedDate'));
    show(row(4), row(5, { signedDate: '1760578200000' }));
    expect((await test.run('field.sheets')).counts).toMatchObject({ said: 1, rejected: 1 });
    show(row(4));
    expect((await test.run('field.sheets')).counts).toMatchObject({ new: 0 });
    show(row(4, { signedDate: '1760578200000' }));
    expect((await test.run('field.sheets')).counts).toMatchObject({ new: 1, said: 1 });
  });

  it('of a run that was killed are in doubt', async () => {
    show(row(1));
    await test.app.context.db.sheetRow.create({
      data: { sheet: 'project-settlement', identity: '["YHWX-1"]', values: '{}', state: 'sending', at: new Date() },
    });
    expect((await test.run('field.sheets')).counts).toMatchObject({ doubtful: 1, said: 0 });
    expect(table.records).toEqual([]);
  });

  it('a dry run shows what would be written, and writes nothing', async () => {
    show(row(1));
    const dry = await test.app.dryRun('field.sheets');
    expect(dry.outcome.counts).toMatchObject({ new: 1 });
    expect(dry.letters).toMatchObject([{ to: 'table:SHEET_SETTLEMENT', text: expect.stringContaining('YHWX-1') }]);
    expect(table.calls).toBe(0);
    expect(await test.app.context.db.sheetRow.count()).toBe(0);
  });

  it('mistakes in the rules name file and line', async () => {
    await writeFile(join(rules, 'sheets.yaml'), RULES.replace('key: [合同编号]', 'key: [合同]'));
    expect((await test.run('field.sheets')).error).toContain('rules/sheets.yaml:6 sheets.0.key');
    await writeFile(join(rules, 'sheets.yaml'), RULES);
    expect((await test.run('field.sheets', { sheet: 'nothing' })).error).toContain('no table nothing');
  });
});
