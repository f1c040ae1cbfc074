import { z } from 'zod';
import { type Command, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { type Lang, pick } from '../../core/message.ts';
import { atLeast, ROLE_NAMES } from '../../core/people.ts';
import { rest } from '../../core/reader.ts';
import { normalise } from './normalise.ts';
import { parse } from './parse.ts';
import { suggest } from './suggest.ts';

/** `help`: what the asker's role may do, or one command in full. Walks the list, so that a new command is in it. */
export function helpCommand(others: () => readonly Command[]): Command {
  return command({
    name: 'help',
    summary: { zh: '我能做什么', en: 'What I can do' },
    aliases: [{ words: 'help', leads: true }, { words: '帮助', leads: true }, { words: '怎么用' }, { words: 'start' }],
    args: z.strictObject({ topic: z.string().optional().describe('A command, by name or by its words') }),
    reads: { topic: rest({ zh: '命令', en: 'the command' }) },
    examples: { zh: ['帮助', '帮助 趋势'], en: ['help', 'help trend'] },
    role: 'guest',
    async run({ asker, lang, context }, { topic }) {
      const allowed = others().filter((one) => one.aliases.length > 0 && atLeast(asker.role, one.role));
      if (!topic) return overview(allowed, lang);
      const found = find(topic, allowed, (line) => parse(line, allowed, context.clock, lang)?.command);
      if (!found) {
        throw new AskerError(pick(lang, `没有「${topic}」这个命令。`, `There is no command “${topic}”.`), {
          choices: suggest(topic, allowed, context.clock, lang),
        });
      }
      return inFull(found, lang);
    },
  });
}

function find(topic: string, allowed: readonly Command[], parseLine: (line: string) => Command | undefined) {
  const wanted = normalise(topic).toLowerCase();
  return (
    allowed.find((one) => one.name === wanted) ??
    allowed.find((one) => one.aliases.some((alias) => alias.words.toLowerCase().split(' ').includes(wanted))) ??
    quietly(() => parseLine(topic)) ??
    allowed.find((one) => one.summary.zh.includes(wanted) || one.summary.en.toLowerCase().includes(wanted))
  );
}

function overview(allowed: readonly Command[], lang: Lang) {
  return {
    title: pick(lang, '可以这样问我', 'You can ask me'),
    blocks: [
      {
        type: 'table' as const,
        columns: [{ label: pick(lang, '这样说', 'Say') }, { label: pick(lang, '得到', 'Get') }],
        rows: allowed.map((one) => [one.examples[lang][0] ?? one.name, one.summary[lang]]),
      },
      {
        type: 'text' as const,
        text: pick(lang, '「帮助 趋势」看一个命令的全部说法。', '“help trend” shows one command in full.'),
      },
    ],
  };
}

function inFull(one: Command, lang: Lang) {
  const fields = z.toJSONSchema(one.args, { io: 'input' }).properties ?? {};
  const args = Object.entries(fields).map(([name, field]) => {
    const described = typeof field === 'object' ? field.description : undefined;
    const about = pick(lang, one.reads?.[name]?.what.zh ?? '', described ?? '');
    return `${name}${pick(lang, '：', ': ')}${about}`;
  });
  const lines = [
    one.summary[lang],
    ...(args.length ? [pick(lang, '参数', 'Arguments'), ...args] : []),
    pick(lang, `谁可以用：${ROLE_NAMES[one.role].zh}`, `Who may ask: ${ROLE_NAMES[one.role].en}`),
    ...(one.audience === 'asker'
      ? [pick(lang, '在群里问，只私下回答你。', 'Asked in a group, it is answered to you alone.')]
      : []),
    pick(lang, '可以照抄：', 'To copy:'),
    ...one.examples[lang],
  ];
  return { title: one.name, blocks: [{ type: 'text' as const, text: lines.join('\n') }] };
}

function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
