import { z } from 'zod';
import { command } from '../../core/command.ts';
import { pick } from '../../core/message.ts';
import { ROLE_NAMES, SUBJECT_NAMES } from '../../core/people.ts';
import { maskAddress } from '../../core/platform.ts';

/** `whoami`: how Fieldbell knows the asker. */
export const whoami = command({
  name: 'whoami',
  summary: { zh: '我认识的你：姓名、角色、关联的身份', en: 'How I know you: name, role, linked identities' },
  aliases: [{ words: 'whoami' }, { words: '我是谁' }, { words: 'who am i' }],
  args: z.strictObject({}),
  examples: { zh: ['我是谁'], en: ['whoami'] },
  role: 'guest',
  audience: 'asker',
  async run({ asker, lang }) {
    if (!asker.personId && asker.role === 'guest') {
      return {
        title: pick(lang, '我还不认识你', 'I do not know you yet'),
        blocks: [
          {
            type: 'text',
            text: pick(
              lang,
              `把这个账号发给管理员，请他关联：${asker.from ? maskAddress(asker.from) : '（没有账号）'}`,
              `Give this account to an administrator to be linked: ${asker.from ? maskAddress(asker.from) : '(no account)'}`,
            ),
          },
        ],
      };
    }
    const subjects = asker.subjects.map(({ kind, id }) => `${SUBJECT_NAMES[kind][lang]} ${id}`);
    return {
      title: pick(lang, `你是 ${asker.name}`, `You are ${asker.name}`),
      blocks: [
        {
          type: 'fields',
          fields: [
            { label: pick(lang, '角色', 'Role'), value: ROLE_NAMES[asker.role][lang] },
            ...(subjects.length > 0 ? [{ label: pick(lang, '身份', 'Identity'), value: subjects.join(' · ') }] : []),
            ...(asker.from ? [{ label: pick(lang, '账号', 'Account'), value: maskAddress(asker.from) }] : []),
          ],
        },
      ],
    };
  },
});
