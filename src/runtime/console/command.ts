import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { asData, Call, pick, textMessage } from '../../core/message.ts';

/** `console.ask`: what a person is told, as a platform shows it. The administrator sees it; nothing is sent. */
const ask = command({
  name: 'console.ask',
  summary: { zh: '以某个人的身份提问，看各平台上的样子', en: 'Asks as a person, and shows how a platform says it' },
  aliases: [],
  args: z.strictObject({
    person: z.string().describe('As whom, by id'),
    line: z.string().trim().min(1).max(500).optional().describe('As typed'),
    call: Call.optional().describe('Instead of it: a button’s call'),
    platform: z
      .string()
      .max(40)
      .default('console')
      .describe('console, wecom-robot, wecom-bot, wecom-app, slack, telegram'),
  }),
  examples: { zh: [], en: [] },
  role: 'admin',
  writes: true,
  audience: 'asker',
  async run(own, { person, line, call, platform }) {
    const { lang, context } = own;
    const { questions, operator, clock } = context;
    if (!questions || !operator) throw new AskerError(pick(lang, '这里不能提问。', 'Nothing can be asked here.'));
    if (!line && !call) throw new AskerError(pick(lang, '要问什么？', 'Ask what?'));
    await own.record({ subject: `person:${person}`, after: { asked: line ?? call, platform } });
    const spoken = line && !/\p{Script=Han}/u.test(line) ? 'en' : lang;
    try {
      const asked = call ?? questions.understand(line ?? '', spoken).call;
      const answer = await questions.answer(asked, { personId: person, lang: spoken, room: null, at: clock.now() });
      const preview = await operator.preview(answer.message, platform);
      return {
        title: answer.message.title ?? '',
        data: asData({ outcome: answer.outcome, private: answer.private, preview }),
      };
    } catch (error) {
      if (!(error instanceof AskerError)) throw error;
      const example = error.example && pick(lang, `例：${error.example}`, `Example: ${error.example}`);
      const message = {
        ...textMessage([error.message, example].filter(Boolean).join('\n'), lang),
        tone: 'warn' as const,
      };
      return {
        data: asData({ outcome: 'wrong', private: false, preview: await operator.preview(message, platform) }),
      };
    }
  },
});

export const consoleCommands = [ask];
