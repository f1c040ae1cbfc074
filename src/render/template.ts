import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import mustache from 'mustache';
import type { Words } from '../core/context.ts';
import { messageOf, SetupError } from '../core/errors.ts';

/** A piece of a template as mustache parses it: what it is, its text or name, where it stands, and what it encloses. */
type Token = [kind: string, value: string, start: number, end: number, inner?: Token[]];

interface Template {
  /** When and how large the file was, to see that it was edited. */
  stamp: string;
  title: Token[];
  text: Token[];
  /** The line of the file on which a place in the title or in the text stands. */
  lineOf(part: 'title' | 'text', offset: number): number;
}

/** The words of a template in place of the file's; null: the file's again. */
interface TemplateEdit {
  name: string;
  lang: string;
  text: string | null;
}

/** Words that can be edited and tried. */
export interface OpenWords extends Words {
  /** Reads again what the administrator has edited. */
  reload(): Promise<void>;
  /** Other words than the template's, filled in. @throws SetupError */
  fill(name: string, lang: 'zh' | 'en', text: string, facts: Record<string, unknown>): { title: string; text: string };
  /** The file as it is. */
  original(name: string, lang: 'zh' | 'en'): string;
  /** Facts to try it with. */
  sample(name: string): Record<string, unknown>;
  /** Every template, by its name. */
  names(): string[];
}

type Context = InstanceType<typeof mustache.Context>;

/**
 * The texts below a folder that the business edits: `<name>.<lang>.md` with mustache's holes `{{name}}` and sections. A file
 * is read when it is first used and again when it changed. What fills a hole is shown as it is, on one line: it cannot
 * make a title, another line or another hole.
 */
export function openTemplates(
  folder: string,
  edits: () => Promise<readonly TemplateEdit[]> = async () => [],
): OpenWords {
  const known = new Map<string, Template>();
  // Files that were looked at a moment ago: of thousands of letters written in one go each need not ask the disk.
  const fresh = new Set<string>();
  let edited = new Map<string, Template>();
  const fileOf = (name: string, lang: string) => join(folder, `${name}.${lang}.md`);
  /** For people: where the machine keeps it is nobody's business. */
  const shown = (file: string) => relative(dirname(folder), file).replaceAll('\\', '/');

  function current(file: string): Template {
    const cached = known.get(file);
    if (cached && fresh.has(file)) return cached;
    if (fresh.size === 0) setImmediate(() => fresh.clear());
    fresh.add(file);
    try {
      const { mtimeMs, size } = statSync(file);
      const stamp = `${mtimeMs} ${size}`;
      if (cached?.stamp === stamp) return cached;
      const template = parsed(shown(file), stamp, readFileSync(file, 'utf8'));
      known.set(file, template);
      return template;
    } catch (error) {
      known.delete(file);
      if (error instanceof SetupError) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new SetupError(`there is no template ${shown(file)}`);
      throw new SetupError(`the template ${shown(file)} cannot be read: ${messageOf(error)}`);
    }
  }

  return {
    say(name, lang, facts) {
      const file = fileOf(name, lang);
      return filledIn(edited.get(file) ?? current(file), shown(file), facts);
    },
    has: (name) => existsSync(fileOf(name, 'zh')),
    async reload() {
      const texts = (await edits()).filter(({ text }) => text !== null);
      edited = new Map(
        texts.map(({ name, lang, text }) => [fileOf(name, lang), parsed(shown(fileOf(name, lang)), '', text ?? '')]),
      );
    },
    fill(name, lang, text, facts) {
      const file = shown(fileOf(name, lang));
      return filledIn(parsed(file, '', text), file, facts);
    },
    original: (name, lang) => readFileSync(fileOf(name, lang), 'utf8'),
    sample: (name) => JSON.parse(readFileSync(join(folder, `${name}.sample.json`), 'utf8')) as Record<string, unknown>,
    names: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.sample.json'))
        .map((file) => file.replaceAll('\\', '/').slice(0, -'.sample.json'.length))
        .sort(),
  };
}

/** @throws SetupError with every hole that `facts` do not fill */
function filledIn(template: Template, file: string, facts: Record<string, unknown>): { title: string; text: string } {
  const mistakes: string[] = [];
  const fill = (part: 'title' | 'text') => {
    const missing = (hole: string, offset: number, why: string) =>
      mistakes.push(`line ${template.lineOf(part, offset)}: {{${hole}}} ${why}`);
    return filled(template[part], new mustache.Context(facts), missing).trim();
  };
  const said = { title: fill('title'), text: fill('text') };
  if (mistakes.length > 0) throw new SetupError(`the template ${file} cannot be filled in:`, mistakes);
  return said;
}

function parsed(file: string, stamp: string, source: string): Template {
  const lines = source.replace(/^\ufeff/, '').split(/\r\n?|\n/);
  const titled = lines[0]?.startsWith('# ') ?? false;
  const title = titled ? (lines[0] ?? '').slice(2) : '';
  const text = lines.slice(titled ? 1 : 0).join('\n');
  return {
    stamp,
    title: tokensOf(file, title),
    text: tokensOf(file, text),
    lineOf: (part, offset) => (part === 'title' ? 1 : text.slice(0, offset).split('\n').length + (titled ? 1 : 0)),
  };
}

function tokensOf(file: string, text: string): Token[] {
  try {
    return mustache.parse(text) as Token[];
  } catch (error) {
    throw new SetupError(`the template ${file} is not well formed: ${messageOf(error)}`);
  }
}

type Missing = (hole: string, offset: number, why: string) => void;

/** Writes the tokens out; every hole without a value is reported, so that a slip of the pen never prints nothing. */
function filled(tokens: readonly Token[], context: Context, missing: Missing): string {
  let words = '';
  for (const [kind, name, start, , inner = []] of tokens) {
    if (kind === 'text') words += name;
    if (kind === 'text' || kind === '!' || kind === '=') continue;
    const value: unknown = kind === '>' ? undefined : context.lookup(name);
    if (value === undefined)
      missing(name, start, kind === '>' ? 'is a partial, which templates do not have' : 'is not among the facts');
    else if (kind === '#') words += section(value, inner, context, missing);
    else if (kind === '^') words += isNothing(value) ? filled(inner, context, missing) : '';
    else if (typeof value === 'string' || typeof value === 'number') words += plain(String(value));
    else missing(name, start, 'is neither a text nor a number');
  }
  return words;
}

function section(value: unknown, inner: readonly Token[], context: Context, missing: Missing): string {
  if (isNothing(value)) return '';
  const each = Array.isArray(value) ? value : [value];
  return each.map((one) => filled(inner, one === true ? context : context.push(one), missing)).join('');
}

function isNothing(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}

/** A value on one line: control characters and line ends become blanks. */
function plain(value: string): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
