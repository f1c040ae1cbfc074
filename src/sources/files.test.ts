import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { xlsxOf } from '../../test/xlsx.ts';
import { AskerError } from '../core/errors.ts';
import { fileSource } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string | Uint8Array, ending = '.csv'): string {
  const path = join(folder, `${++files}${ending}`);
  writeFileSync(path, content);
  return path;
}

/** Everything that a file gives: rows and bad rows by line, and the sizes of the pages. */
async function readAll(path: string) {
  const rows: [number, Record<string, unknown>][] = [];
  const bad: [number, string][] = [];
  const pages: number[] = [];
  for await (const page of fileSource(path).snapshot(AbortSignal.timeout(10_000))) {
    pages.push(page.rows.length);
    rows.push(...page.rows.map((row): [number, Record<string, unknown>] => [row.line, row.values]));
    bad.push(...(page.bad ?? []).map((row): [number, string] => [row.line, row.reason]));
  }
  return { rows, bad, pages };
}

const csv = async (content: string | Uint8Array) => readAll(file(content));
const json = async (content: string, ending = '.jsonl') => readAll(file(content, ending));
const lines = (found: [number, unknown][]) => found.map(([line]) => line);

describe('CSV', () => {
  it('reads with a byte order mark, CRLF, blank lines and quoted cells; the heading is line 1', async () => {
    const { rows, bad } = await csv('\uFEFFid, name ,note\r\n1,王,"a, ""b"""\r\n\r\n,,\r\n2, 李 ,\r\n');
    expect(rows).toEqual([
      [2, { id: '1', name: '王', note: 'a, "b"' }],
      [5, { id: '2', name: ' 李 ', note: '' }],
    ]);
    expect(bad).toEqual([]);
  });

  it.each([
    [',', 'a,b\n1,2;3'],
    [';', 'a;b\n1;2,3'],
    ['tab', 'a\tb\n1\t2,3'],
    ['comma though quoted semicolons are more', '"a;;;",b\n1,2'],
  ])('finds the delimiter: %s', async (_name, content) => {
    const { rows, bad } = await csv(content);
    expect(rows).toHaveLength(1);
    expect(Object.keys(rows[0]?.[1] ?? {})).toHaveLength(2);
    expect(bad).toEqual([]);
  });

  it('reads one column', async () => {
    expect((await csv('id\n1\n2')).rows.map(([, values]) => values['id'])).toEqual(['1', '2']);
  });

  it('numbers rows by the lines of the file, also after quoted line breaks', async () => {
    const { rows } = await csv('id,note\n1,"two\nlines"\n2,x\n3,"a\r\nb\r\nc"\n4,y');
    expect(rows).toEqual([
      [2, { id: '1', note: 'two\nlines' }],
      [4, { id: '2', note: 'x' }],
      [5, { id: '3', note: 'a\nb\nc' }],
      [8, { id: '4', note: 'y' }],
    ]);
  });

  it('reports a wrong number of cells with its line and goes on', async () => {
    const { rows, bad } = await csv('a,b,c\n1,2,3\n1,2\n1,2,3,4\n"x\ny",2\n5,6,7');
    expect(lines(rows)).toEqual([2, 7]);
    expect(lines(bad)).toEqual([3, 4, 5]);
    expect(bad[0]?.[1]).toContain('2 cells, the heading has 3');
  });

  it.each([
    ['never closed, no other quote', 'a,b\n1,2\n3,"4\n5,6\n7,8', [2, 4, 5], [3]],
    ['never closed, quotes further on', 'a,b\n1,2\n3,"4\n5,6\n7,"8"\n9,"x\ny"\n', [2, 4, 5, 6], [3]],
    ['in the middle of a cell', 'a,b\n1,in "the" middle\n5,6', [3], [2]],
    ['text after the closing quote', 'a,b\n1,"2"x\n5,6', [3], [2]],
    ['the last line', 'a,b\n1,2\n5,"6', [2], [3]],
  ])('loses one line to a broken quote: %s', async (_name, content, good, broken) => {
    const { rows, bad } = await csv(content);
    expect(lines(rows)).toEqual(good);
    expect(lines(bad)).toEqual(broken);
  });

  it('goes on after a quote that stays open for very long', async () => {
    const body = Array.from({ length: 5_000 }, (_, index) => (index === 7 ? '7,"x' : `${index},y`));
    const { rows, bad } = await csv(['a,b', ...body].join('\n'));
    expect(rows).toHaveLength(4_999);
    expect(lines(bad)).toEqual([9]);
  });

  it('gives pages of at most a thousand rows', async () => {
    const { pages } = await csv(['a,b', ...Array.from({ length: 2_500 }, (_, index) => `${index},x`)].join('\n'));
    expect(pages).toEqual([1_000, 1_000, 500]);
  });

  it('ignores a column without a name', async () => {
    expect((await csv('a,b,\n1,2,\n')).rows).toEqual([[2, { a: '1', b: '2' }]]);
  });

  it('refuses a column that stands there twice, and a broken heading', async () => {
    await expect(csv('a,b,a\n1,2,3')).rejects.toThrow(/“a” stands there twice/);
    await expect(csv('a,"b\n1,2')).rejects.toThrow(/heading/);
  });

  it('reads GBK and UTF-16', async () => {
    // 「编号,姓名\n1,王师傅」 in GBK.
    const gbk = Buffer.from('b1e0bac52cd0d5c3fb0a312ccdf5caa6b8b5', 'hex');
    expect((await csv(gbk)).rows).toEqual([[2, { 编号: '1', 姓名: '王师傅' }]]);
    const utf16 = Buffer.from('\uFEFF编号\t姓名\r\n1\t王师傅\r\n', 'utf16le');
    expect((await csv(utf16)).rows).toEqual([[2, { 编号: '1', 姓名: '王师傅' }]]);
  });

  it('reports a row with damaged bytes in a UTF-8 file, and reads the others', async () => {
    const damaged = Buffer.concat([
      Buffer.from('编号,姓名\n1,王师'),
      Buffer.from([0xe5, 0x82]),
      Buffer.from('\n2,李\n'),
    ]);
    const { rows, bad } = await csv(damaged);
    expect(rows).toEqual([[3, { 编号: '2', 姓名: '李' }]]);
    expect(bad).toEqual([[2, expect.stringContaining('damaged')]]);
  });

  it('gives back whatever well-formed cells were written', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', '王', '\t'), maxLength: 8 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), async (written) => {
        const text = ['a,b', ...written.map((cells) => cells.map(quoted).join(','))].join('\n');
        const { rows, bad } = await csv(text);
        expect(bad).toEqual([]);
        const filled = written.filter((cells) => cells.some((content) => content.trim() !== ''));
        expect(rows.map(([, values]) => [values['a'], values['b']])).toEqual(filled);
      }),
      { numRuns: 100 },
    );
  });
});

describe('JSON', () => {
  it('reads lines, with a broken one and one that is no object', async () => {
    const { rows, bad } = await json('{"a":1}\n\n{"a":\n[1]\n{"a":2}\r\n');
    expect(rows).toEqual([
      [1, { a: 1 }],
      [5, { a: 2 }],
    ]);
    expect(lines(bad)).toEqual([3, 4]);
  });

  it('keeps a number that a double cannot hold as text', async () => {
    const { rows } = await json(
      '{"id":1000000003000000001,"amount":110884.85,"count":12,"exact":0.1,"long":1.00000000000000000001}',
    );
    expect(rows[0]?.[1]).toEqual({
      id: '1000000003000000001',
      amount: 110884.85,
      count: 12,
      exact: 0.1,
      long: '1.00000000000000000001',
    });
  });

  it('reads an array, each row with its line', async () => {
    const { rows, bad } = await json(
      '[\n  {"a": 1, "b": ["]", {"c": "}"}]},\n  {\n    "a": 2\n  }, {"a": 3}\n]\n',
      '.json',
    );
    expect(rows.map(([line, values]) => [line, values['a']])).toEqual([
      [2, 1],
      [3, 2],
      [5, 3],
    ]);
    expect(bad).toEqual([]);
  });

  it('loses one element of an array to a missing quote, and says that an array is cut off', async () => {
    const broken = await json('[\n{"a": "1},\n{"a": 2},\n{"a": 3}\n]', '.json');
    expect(lines(broken.bad)).toEqual([2]);
    expect(lines(broken.rows)).toEqual([3, 4]);
    const spread = await json('[\n{\n"a": "1,\n"b": 2\n},\n{\n"a": 2\n}\n]', '.json');
    expect(lines(spread.bad)).toEqual([2]);
    expect(lines(spread.rows)).toEqual([6]);
    const cut = await json('[\n{"a": 1},\n{"a": 2', '.json');
    expect(lines(cut.rows)).toEqual([2]);
    expect(lines(cut.bad)).toEqual([3]);
  });
});

describe('a workbook', () => {
  const serial = (at: string) => ({ serial: (Date.parse(`${at}Z`) - Date.UTC(1899, 11, 30)) / 86_400_000 });

  it('gives its first sheet as a file would: digits as they are, dates and times as they are shown', async () => {
    const { rows, bad } = await readAll(
      file(
        xlsxOf([
          [null],
          ['订单号', '司机编号', '下单时间', '日期', '金额'],
          [
            { digits: '1234567890123456' },
            'D-1023',
            serial('2026-11-20T14:20:05'),
            serial('2026-11-20T00:00:00'),
            { digits: '0.1' },
          ],
          [null, null, null],
          ['PO<2>', '王 & 李', { serial: 0.5 }, null, { digits: '1.2345678901234567E+18' }],
          ['a', 'b', null, null, null, 'beyond'],
        ]),
        '.xlsx',
      ),
    );
    expect(rows).toEqual([
      [
        3,
        {
          订单号: '1234567890123456',
          司机编号: 'D-1023',
          下单时间: '2026-11-20 14:20:05',
          日期: '2026-11-20',
          金额: '0.1',
        },
      ],
      [5, { 订单号: 'PO<2>', 司机编号: '王 & 李', 下单时间: '12:00:00', 日期: '', 金额: '1.2345678901234567E+18' }],
    ]);
    expect(lines(bad)).toEqual([6]);
  });

  it('refuses a column that stands there twice, a sheet without rows, and a bomb', async () => {
    await expect(readAll(file(xlsxOf([['id', 'id']]), '.xlsx'))).rejects.toThrow('stands there twice');
    await expect(readAll(file(xlsxOf([]), '.xlsx'))).rejects.toThrow('empty');
    const bomb = xlsxOf([['id'], ['1']]);
    bomb.writeUInt32LE(0xf0000000, bomb.lastIndexOf('PK\u0001\u0002', undefined, 'latin1') + 24);
    await expect(readAll(file(bomb, '.xlsx'))).rejects.toThrow('too large');
  });
});

describe('a file that is none', () => {
  it.each([
    ['missing', () => join(folder, 'nowhere.csv'), /no such file/],
    ['empty', () => file(''), /empty/],
    ['blank', () => file('\n \n'), /empty/],
    ['a folder', () => folder, /folder/],
    ['a broken workbook', () => file('PK\u0003\u0004abc', '.xlsx'), /not a workbook/],
    ['an old workbook', () => file(Buffer.from('d0cf11e0a1b11ae1', 'hex'), '.xls'), /save it as .xlsx/],
    ['bytes', () => file(Buffer.from([1, 0, 2, 0, 3])), /not a text file/],
  ])('%s', async (_name, path, message) => {
    const reading = readAll(path());
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(AskerError);
  });
});
