import { randomBytes } from 'node:crypto';
import type { Change, Command } from '../../core/command.ts';
import type { Context } from '../../core/context.ts';
import { AskerError, ForbiddenError, messageOf } from '../../core/errors.ts';
import { type Call, type Lang, Message, type MessageDraft, pick } from '../../core/message.ts';
import { type Asker, atLeast } from '../../core/people.ts';
import type { Address } from '../../core/platform.ts';
import type { Db } from '../../store/db.ts';
import { addAudit } from '../audit/store.ts';
import { checkArguments } from './arguments.ts';
import { languageOf } from './normalise.ts';
import { parse } from './parse.ts';
import { suggest } from './suggest.ts';

/** One question, however it was put: a typed line, or a call from a button, HTTP or the terminal. */
export interface Question {
  asker: Asker;
  text?: string | undefined;
  call?: Call | undefined;
  lang?: Lang | undefined;
  /** Asked in a group. */
  group?: boolean;
  /** Where it was asked; absent over HTTP and on the command line. */
  room?: Address | undefined;
}

export interface Answer {
  message: Message;
  /** To the asker alone, if it was asked in a group. */
  private: boolean;
  command?: string | undefined;
  /** `wrong`: the asker's words; `forbidden`; `failed`: ours. */
  outcome: 'done' | 'wrong' | 'forbidden' | 'failed';
}

/** Answers questions: finds the command, checks role and arguments, runs it. Never throws. */
export function createAnswerer(
  commands: readonly Command[],
  context: Context,
): (question: Question) => Promise<Answer> {
  const byName = new Map(commands.map((command) => [command.name, command]));
  return async (question) => {
    const lang = question.lang ?? (question.text ? languageOf(question.text) : undefined) ?? question.asker.lang;
    let command: Command | undefined;
    try {
      const call = question.call ?? read(question.text ?? '', commands, question.asker, context, lang);
      command = byName.get(call.command);
      if (!command) {
        throw new AskerError(pick(lang, `没有「${call.command}」这个命令。`, `There is no command “${call.command}”.`));
      }
      const answer = await run(command, call.args, question, context, lang);
      const message = Message.parse({ ...answer, lang: answer.lang ?? lang });
      return {
        message,
        private: command.audience === 'asker' || message.private === true,
        command: command.name,
        outcome: 'done',
      };
    } catch (error) {
      return { ...explain(error, context, lang), private: command?.audience === 'asker', command: command?.name };
    }
  };
}

function read(text: string, commands: readonly Command[], asker: Asker, context: Context, lang: Lang): Call {
  const parsed = parse(text, commands, context.clock, lang);
  if (parsed) return { command: parsed.command.name, args: parsed.args };
  const allowed = commands.filter((command) => atLeast(asker.role, command.role));
  throw new AskerError(
    pick(lang, `没看懂「${shorten(text)}」。你是不是要：`, `I did not understand “${shorten(text)}”. Did you mean:`),
    { choices: suggest(text, allowed, context.clock, lang) },
  );
}

async function run(
  command: Command,
  args: Record<string, unknown>,
  question: Question,
  context: Context,
  lang: Lang,
): Promise<MessageDraft> {
  if (!atLeast(question.asker.role, command.role)) {
    throw new ForbiddenError(
      question.asker.personId
        ? pick(
            lang,
            '你的权限不够用这个命令。需要时请联系管理员。',
            'Your role may not use this command. Ask an administrator.',
          )
        : pick(
            lang,
            '我还不认识你。请让管理员把你的账号关联到人员，再试一次。',
            'I do not know you yet. Ask an administrator to link your account to a person.',
          ),
    );
  }
  const checked = checkArguments(command, args, lang);
  const { asker, group = false, room = null } = question;
  let recorded = false;
  const record = async (change: Change, db?: Db) => {
    recorded = true;
    await addAudit(db ?? context.db, { ...change, at: context.clock.now(), asker, action: command.name });
  };
  const answer = await command.run({ asker, lang, group, room, context, record }, checked);
  if (command.writes && !recorded) await record({ subject: command.name, after: checked });
  return answer;
}

function explain(error: unknown, context: Context, lang: Lang): Omit<Answer, 'private'> {
  if (error instanceof AskerError) {
    const example = error.example && pick(lang, `例：${error.example}`, `Example: ${error.example}`);
    const draft: MessageDraft = {
      tone: 'warn',
      lang,
      blocks: [{ type: 'text', text: [error.message, example].filter(Boolean).join('\n') }],
    };
    if (error.choices.length > 0) {
      draft.blocks?.push({
        type: 'actions',
        buttons: error.choices.map((choice) => ({ label: choice.label, call: choice.call as Call })),
      });
    }
    return { message: Message.parse(draft), outcome: error instanceof ForbiddenError ? 'forbidden' : 'wrong' };
  }
  const ref = randomBytes(2).toString('hex');
  context.log.error({ ref, err: error }, `a command failed: ${messageOf(error)}`);
  const text = pick(
    lang,
    `出错了（编号 ${ref}），已记录。稍后再试，或把编号发给管理员。`,
    `Something went wrong (ref ${ref}); it was recorded. Try again later, or give the ref to an administrator.`,
  );
  return { message: Message.parse({ tone: 'bad', lang, blocks: [{ type: 'text', text }] }), outcome: 'failed' };
}

function shorten(text: string): string {
  const chars = [...text.trim()];
  return chars.length > 40 ? `${chars.slice(0, 40).join('')}…` : chars.join('');
}
