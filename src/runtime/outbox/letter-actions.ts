import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { LETTER_STATES } from '../../core/outbox.ts';
import { cancelLetter, releaseLetter } from './log/store.ts';
import { resend as sendAgain } from './resend.ts';
import { type LetterRow, letterByKey } from './store.ts';

const Keys = z.strictObject({
  keys: z.array(z.string().max(500)).min(1).max(500).describe('Which letters, by their keys'),
});

async function letterOf({ context, lang }: Ask, key: string): Promise<LetterRow> {
  const letter = await letterByKey(context.db, key);
  if (!letter) throw new AskerError(pick(lang, `没有消息 ${key}。`, `There is no letter ${key}.`));
  return letter;
}

/** Does something to each letter that it fits, and says how many there were. */
function action(
  name: string,
  summary: { zh: string; en: string },
  done: { zh: string; en: string },
  act: (ask: Ask, letter: LetterRow) => Promise<boolean>,
) {
  return command({
    name,
    summary,
    aliases: [],
    args: Keys,
    examples: { zh: [], en: [] },
    role: 'admin',
    writes: true,
    async run(ask, { keys }) {
      let count = 0;
      for (const key of new Set(keys)) {
        const letter = await letterOf(ask, key);
        if (!(await act(ask, letter))) continue;
        count++;
        const after = await letterOf(ask, key);
        await ask.record({ subject: `letter:${key}`, before: { state: letter.state }, after: { state: after.state } });
      }
      const { lang } = ask;
      if (count === 0)
        throw new AskerError(
          pick(
            lang,
            '状态刚变过，没有可处理的消息。看一下最新状态。',
            'Their state has just changed; nothing fits. Look again.',
          ),
        );
      return { title: pick(lang, `${count} 条${done.zh}`, `${count} ${done.en}`), tone: 'good', data: { count } };
    },
  });
}

const AGAIN = LETTER_STATES.filter((state) => state !== 'queued' && state !== 'sending');

const resend = action(
  'outbox.resend',
  { zh: '重发；可能到过的会标明（重发）', en: 'Sends letters again; what may have arrived is marked' },
  { zh: '已放回发件箱', en: 'in the outbox again' },
  async ({ context }, { key }) => (await sendAgain(context, { key, states: AGAIN })) > 0,
);

const release = action(
  'outbox.release',
  { zh: '放行暂存或定时的消息', en: 'Lets go what is held, or waits for its time' },
  { zh: '已放行', en: 'released' },
  ({ context }, { key }) => releaseLetter(context.db, key, context.clock.now()),
);

const cancel = action(
  'outbox.cancel',
  { zh: '取消还没发出的消息', en: 'Cancels letters that have not gone out' },
  { zh: '已取消', en: 'cancelled' },
  ({ context, asker }, { key }) => cancelLetter(context.db, key, `cancelled by ${asker.name}`),
);

export const letterActions = [resend, release, cancel];
