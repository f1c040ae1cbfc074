import { z } from 'zod';
import { command } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { ROLE_NAMES, type Role } from '../../core/people.ts';
import { maskAddress } from '../../core/platform.ts';
import { word } from '../../core/reader.ts';
import { openPeople } from './people.ts';

/** `link CODE`: the account that one writes from becomes that of the person for whom the code was made. */
export const link = command({
  name: 'link',
  summary: { zh: '用管理员给的码绑定这个账号', en: 'Links this account, by the code that an administrator gave' },
  aliases: [
    { words: '绑定', leads: true },
    { words: 'link', leads: true },
  ],
  args: z.strictObject({ code: z.string().max(40).optional().describe('The code, once, within a day') }),
  reads: { code: word(/[a-z0-9]{6,40}/i, { zh: '码', en: 'the code' }) },
  examples: { zh: ['绑定 K7WQ3MPA2X'], en: ['link K7WQ3MPA2X'] },
  role: 'guest',
  writes: true,
  audience: 'asker',
  async run(ask, { code }) {
    const { asker, lang, context } = ask;
    const example = pick(lang, '绑定 K7WQ3MPA2X', 'link K7WQ3MPA2X');
    if (!asker.from)
      throw new AskerError(
        pick(lang, '请在要绑定的聊天里发这一行。', 'Send this line in the chat that is to be linked.'),
      );
    if (!code)
      throw new AskerError(pick(lang, '请带上管理员给你的码。', 'Add the code that an administrator gave you.'), {
        example,
      });
    if (asker.personId) {
      throw new AskerError(
        pick(lang, `这个账号已经绑定到 ${asker.name}，不用再绑。`, `This account is linked to ${asker.name} already.`),
      );
    }
    const people = openPeople(context.db, context.clock);
    const person = await people.redeem(code);
    if (!person) {
      throw new AskerError(
        pick(
          lang,
          '码不对、用过了或过期了。请管理员再给一个。',
          'The code is wrong, used or too old. Ask an administrator for another.',
        ),
      );
    }
    await people.link(person.id, asker.from);
    await ask.record({ subject: `person:${person.id}`, after: { account: maskAddress(asker.from) } });
    return {
      title: pick(
        lang,
        `已绑定：你是 ${person.name}（${ROLE_NAMES[person.role as Role].zh}）`,
        `Linked: you are ${person.name} (${ROLE_NAMES[person.role as Role].en})`,
      ),
      tone: 'good',
      blocks: [
        {
          type: 'text',
          text: pick(
            lang,
            '以后的私人通知会发到这里。发「帮助」看看能问什么。',
            'Private notices come here from now on. Say “help” to see what you can ask.',
          ),
        },
      ],
    };
  },
});
