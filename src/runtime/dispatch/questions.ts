import type { Command } from '../../core/command.ts';
import type { Context, Questions } from '../../core/context.ts';
import { AskerError } from '../../core/errors.ts';
import { pick, textMessage } from '../../core/message.ts';
import { fixedClock } from '../../core/time.ts';
import { askerOf, type People } from '../people/people.ts';
import { createAnswerer } from './answer.ts';
import { checkArguments } from './arguments.ts';
import { parse } from './parse.ts';
import { suggest } from './suggest.ts';

/** The grammar and the answers of the chat, for what is asked without anybody typing. */
export function createQuestions(
  commands: readonly Command[],
  context: Context,
  people: Pick<People, 'byId'>,
): Questions {
  const zone = context.clock.zone;
  return {
    understand(line, lang, at) {
      const clock = at ? fixedClock(zone, at) : context.clock;
      const parsed = parse(line, commands, clock, lang);
      if (!parsed) {
        const text = line.trim().slice(0, 60);
        throw new AskerError(pick(lang, `没看懂「${text}」。`, `I did not understand “${text}”.`), {
          example: suggest(line, commands, clock, lang)[0]?.label,
        });
      }
      const { command, args } = parsed;
      checkArguments(command, args, lang);
      return {
        call: { command: command.name, args },
        role: command.role,
        private: command.audience === 'asker',
        writes: command.writes ?? false,
      };
    },
    async answer(call, { personId, lang, room, at }) {
      const person = await people.byId(personId);
      if (!person) {
        const gone = pick(lang, '提问的人已不在人员名单里。', 'Who asked is not among the people any more.');
        return { message: textMessage(gone, lang), private: true, outcome: 'forbidden' };
      }
      const answer = createAnswerer(commands, { ...context, clock: fixedClock(zone, at) });
      const question = { asker: askerOf(person), call, lang, group: room !== null };
      const { message, private: own, outcome } = await answer(room === null ? question : { ...question, room });
      return { message, private: own, outcome };
    },
  };
}
