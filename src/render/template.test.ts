import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupError } from '../core/errors.ts';
import { openTemplates } from './template.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'templates-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

describe('templates', () => {
  it('have a title, holes, sections and lists', async () => {
    await write(
      'day.zh.md',
      '# 今日 {{count}} 通\n{{#rows}}\n- {{name}} {{{value}}}\n{{/rows}}\n{{^rows}}没有{{/rows}}\n{{#more}}另有 {{more.count}}{{/more}}\n',
    );
    const { say } = openTemplates(folder);
    const rows = [
      { name: 'A&B', value: '<1>' },
      { name: '"C"', value: 0 },
    ];
    expect(say('day', 'zh', { count: 12, rows, more: { count: 3 } })).toEqual({
      title: '今日 12 通',
      text: '- A&B <1>\n- "C" 0\n\n另有 3',
    });
    expect(say('day', 'zh', { count: 0, rows: [], more: null })).toEqual({ title: '今日 0 通', text: '没有' });
  });

  it('without a title are all text', async () => {
    await write('a.en.md', '\ufeffHello {{name}}\r\n#no title');
    expect(openTemplates(folder).say('a', 'en', { name: 'x' })).toEqual({ title: '', text: 'Hello x\n#no title' });
  });

  it('name every hole that has no fact, with its line', async () => {
    await write(
      'a.zh.md',
      '# {{titel}}\n一 {{ok}}\n二 {{nmae}} {{#list}}\n三 {{valeu}}\n{{/list}}\n{{nothing}} {{object}}\n{{^absent}}x{{/absent}}{{>partial}}',
    );
    const facts = { title: 't', ok: 'ok', list: [{ value: 1 }], nothing: null, object: {} };
    const error = caught(() => openTemplates(folder).say('a', 'zh', facts));
    expect(error).toBeInstanceOf(SetupError);
    expect(error.message).toContain('/a.zh.md cannot be filled in');
    expect((error as SetupError).mistakes).toEqual([
      'line 1: {{titel}} is not among the facts',
      'line 3: {{nmae}} is not among the facts',
      'line 4: {{valeu}} is not among the facts',
      'line 6: {{nothing}} is neither a text nor a number',
      'line 6: {{object}} is neither a text nor a number',
      'line 7: {{absent}} is not among the facts',
      'line 7: {{partial}} is a partial, which templates do not have',
    ]);
  });

  it('say which file is missing or broken', async () => {
    expect(caught(() => openTemplates(folder).say('no', 'zh', {})).message).toMatch(
      /^there is no template templates-\w+\/no\.zh\.md$/,
    );
    await write('b.zh.md', '{{#open}} never closed');
    expect(caught(() => openTemplates(folder).say('b', 'zh', { open: true })).message).toMatch(
      /b\.zh\.md is not well formed: Unclosed section/,
    );
  });

  it('show what people typed as it is: on one line, no title, no other hole', async () => {
    await write('a.zh.md', '{{name}} 签单\n{{note}}');
    const said = openTemplates(folder).say('a', 'zh', {
      name: '# 王\r\n# 师傅\u0007\u2028',
      note: '{{name}} {{#x}} <b>&',
    });
    expect(said).toEqual({ title: '', text: '# 王 # 师傅 签单\n{{name}} {{#x}} <b>&' });
  });

  it('are read again when they were edited', async () => {
    const { say } = openTemplates(folder);
    await write('a.zh.md', '旧 {{n}}');
    expect(say('a', 'zh', { n: 1 }).text).toBe('旧 1');
    await write('a.zh.md', '新 {{n}}');
    await utimes(join(folder, 'a.zh.md'), 2_000_000_000, 2_000_000_000);
    expect(say('a', 'zh', { n: 1 }).text).toBe('新 1');
  });
});

describe('the templates of the house', () => {
  const house = fileURLToPath(new URL('../../templates', import.meta.url));

  it('all have both languages and a sample that fills every hole', async () => {
    const files = (await readdir(house, { recursive: true })).filter((file) => /\.(md|json)$/.test(file));
    const names = new Set(files.map((file) => file.replace(/\.(zh|en)\.md$|\.sample\.json$/, '')));
    expect(names.size).toBeGreaterThan(0);
    const { say } = openTemplates(house);
    for (const name of names) {
      const facts = JSON.parse(await readFile(join(house, `${name}.sample.json`), 'utf8')) as Record<string, unknown>;
      for (const lang of ['zh', 'en'] as const) {
        const { title, text } = say(name, lang, facts);
        expect(`${title}${text}`, `${name}.${lang}.md`).not.toBe('');
      }
    }
  });
});

function caught(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
