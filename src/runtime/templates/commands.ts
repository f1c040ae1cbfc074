import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError, SetupError } from '../../core/errors.ts';
import { asData, Message, pick } from '../../core/message.ts';
import type { OpenWords } from '../../render/template.ts';
import { saveTemplateEdit, templateEdit, templateEdits } from './store.ts';

const Lang = z.enum(['zh', 'en']).describe('In which language');
const Name = z.string().max(100).describe('e.g. rewards/award-notice');
const none = { zh: [], en: [] };
const MOST = 20_000;

const wordsOf = ({ context }: Ask) => context.words as OpenWords;

function mustExist(ask: Ask, name: string): void {
  if (wordsOf(ask).names().includes(name)) return;
  throw new AskerError(pick(ask.lang, `没有模板 ${name}。`, `There is no template ${name}.`));
}

/** The words filled with the facts that are kept for trying. @throws AskerError with every mistake and its line */
function tried(ask: Ask, name: string, lang: 'zh' | 'en', text: string) {
  const words = wordsOf(ask);
  try {
    return words.fill(name, lang, text, words.sample(name));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new AskerError(error.mistakes.length > 0 ? error.mistakes.join('\n') : error.message);
  }
}

const list = command({
  name: 'templates.list',
  summary: { zh: '消息模板', en: 'Message templates' },
  aliases: [],
  args: z.strictObject({}),
  examples: none,
  role: 'admin',
  async run(ask) {
    const edits = await templateEdits(ask.context.db);
    const edited = (name: string) =>
      edits.filter((one) => one.name === name && one.text !== null).map(({ lang }) => lang);
    const words = wordsOf(ask);
    const templates = words.names().map((name) => {
      const { title, text } = words.say(name, ask.lang, words.sample(name));
      return { name, says: title || (text.split('\n', 1)[0] ?? ''), edited: edited(name) };
    });
    return {
      title: pick(ask.lang, `${templates.length} 个模板`, `${templates.length} templates`),
      data: asData({ templates }),
    };
  },
});

const get = command({
  name: 'templates.get',
  summary: { zh: '一个模板的文字和可用的空', en: 'The words of a template and the holes it may have' },
  aliases: [],
  args: z.strictObject({ name: Name, lang: Lang }),
  examples: none,
  role: 'admin',
  async run(ask, { name, lang }) {
    mustExist(ask, name);
    const words = wordsOf(ask);
    const edit = await templateEdit(ask.context.db, name, lang);
    const original = words.original(name, lang);
    return {
      title: name,
      data: asData({
        name,
        lang,
        text: edit?.text ?? original,
        original,
        version: edit?.version ?? 0,
        editedAt: edit?.editedAt ?? null,
        editedBy: edit?.editedBy ?? null,
        sample: words.sample(name),
      }),
    };
  },
});

const preview = command({
  name: 'templates.preview',
  summary: { zh: '模板填上样例，在各平台上的样子', en: 'A template filled with its sample, as platforms show it' },
  aliases: [],
  args: z.strictObject({
    name: Name,
    lang: Lang,
    text: z.string().max(MOST),
    platforms: z.array(z.string().max(40)).max(8),
  }),
  examples: none,
  role: 'admin',
  async run(ask, { name, lang, text, platforms }) {
    mustExist(ask, name);
    const { operator } = ask.context;
    if (!operator) throw new AskerError(pick(ask.lang, '这里画不出来。', 'Nothing can be drawn here.'));
    const said = tried(ask, name, lang, text);
    const message = Message.parse({
      title: said.title,
      blocks: said.text ? [{ type: 'text', text: said.text }] : [],
      lang,
    });
    const previews = await Promise.all(platforms.map((platform) => operator.preview(message, platform)));
    return { title: said.title, data: asData({ previews }) };
  },
});

const save = command({
  name: 'templates.save',
  summary: { zh: '保存模板，立即生效', en: 'Saves a template; it holds at once' },
  aliases: [],
  args: z.strictObject({
    name: Name,
    lang: Lang,
    text: z.string().max(MOST).nullable().describe('The words; null: those of the file again'),
    version: z.int().min(0).describe('The version that was edited; 0 for one that never was'),
  }),
  examples: none,
  role: 'admin',
  writes: true,
  async run(ask, { name, lang, text, version }) {
    mustExist(ask, name);
    const { asker, context } = ask;
    if (text !== null) tried(ask, name, lang, text);
    await context.db.$transaction(async (tx) => {
      const before = await templateEdit(tx, name, lang);
      const by = { editedAt: context.clock.now(), editedBy: asker.name };
      if (!(await saveTemplateEdit(tx, { name, lang }, version, text, by))) {
        throw new AskerError(
          pick(
            ask.lang,
            `模板 ${name} 刚被别人改过。看一下最新的内容，再改一次。`,
            `Somebody else has just edited ${name}. Look at what it is now, and edit again.`,
          ),
        );
      }
      const original = wordsOf(ask).original(name, lang);
      const change = { before: { text: before?.text ?? original }, after: { text: text ?? original } };
      await ask.record({ subject: `template:${name}.${lang}`, ...change }, tx);
    });
    await (context.operator?.rulesChanged() ?? wordsOf(ask).reload());
    return {
      title: pick(ask.lang, `模板 ${name} 已保存，已生效`, `Template ${name} is saved and holds`),
      tone: 'good',
      data: { version: version + 1 },
    };
  },
});

export const templateCommands = [list, get, preview, save];
