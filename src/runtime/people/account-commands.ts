import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError, ForbiddenError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { atLeast } from '../../core/people.ts';
import { localMinute } from '../../core/time.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import * as store from './store.ts';

/** What names a session to people: the beginning of its hash, of which nobody can make a cookie. */
const idOf = (session: { hash: string }) => session.hash.slice(0, 16);

const sessionsList = command({
  name: 'sessions.list',
  summary: { zh: '登录中的设备；管理员能看到所有人的', en: 'Where one is signed in; administrators see everybody' },
  aliases: [{ words: '登录设备' }, { words: 'sessions' }],
  args: z.strictObject({ all: z.boolean().default(false).describe('Everybody’s, for administrators') }),
  examples: { zh: ['登录设备'], en: ['sessions'] },
  role: 'staff',
  audience: 'asker',
  async run({ asker, lang, context }, { all }) {
    if (all && !atLeast(asker.role, 'admin'))
      throw new ForbiddenError(pick(lang, '只有管理员能看所有人的。', 'Only administrators see everybody’s.'));
    const { db, clock } = context;
    const found = await store.liveSessions(db, clock.now(), all ? undefined : (asker.personId ?? ''));
    const at = (instant: Date | null) => (instant ? localMinute(instant, clock.zone) : '—');
    return {
      title: pick(lang, `${found.length} 处登录`, `${found.length} signed in`),
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '谁', 'Who') },
            { label: pick(lang, '最近使用', 'Last used') },
            { label: pick(lang, '设备', 'Device') },
          ],
          rows: found.map((one) => [one.person.name, at(one.seenAt), one.agent ?? '']),
        },
      ],
      data: {
        sessions: found.map((one) => ({
          id: idOf(one),
          person: one.person,
          current: one.hash === asker.session,
          createdAt: one.createdAt?.toISOString() ?? null,
          seenAt: one.seenAt?.toISOString() ?? null,
          expiresAt: one.expiresAt.toISOString(),
          agent: one.agent,
          ip: one.ip,
        })),
      },
    };
  },
});

const sessionsEnd = command({
  name: 'sessions.end',
  summary: { zh: '结束一处登录', en: 'Ends a session' },
  aliases: [],
  args: z.strictObject({ id: z.string().length(16).describe('As sessions.list gives it') }),
  examples: { zh: [], en: [] },
  role: 'staff',
  writes: true,
  async run(ask, { id }) {
    const { asker, lang, context } = ask;
    const own = atLeast(asker.role, 'admin') ? undefined : (asker.personId ?? '');
    const session = (await store.liveSessions(context.db, context.clock.now(), own)).find((one) => idOf(one) === id);
    if (!session) throw new AskerError(pick(lang, '这处登录已经结束。', 'That session has ended already.'));
    await store.endSession(context.db, session.hash);
    await ask.record({
      subject: `person:${session.personId}`,
      before: { session: id, agent: session.agent, ip: session.ip },
    });
    return {
      title: pick(lang, `已结束 ${session.person.name} 的一处登录`, `A session of ${session.person.name} has ended`),
      tone: 'good',
    };
  },
});

const passwordSet = command({
  name: 'people.password',
  summary: { zh: '设置密码；改后其他登录都结束', en: 'Sets a password; other sessions end with it' },
  aliases: [],
  args: z.strictObject({
    password: z.string().max(400).describe('At least 10 characters'),
    current: z.string().max(400).optional().describe('The present one, to change one’s own where there is one'),
    person: z.string().optional().describe('Whose, by id; default: one’s own. For administrators'),
  }),
  examples: { zh: [], en: [] },
  role: 'staff',
  writes: true,
  audience: 'asker',
  async run(ask, { password, current, person }) {
    const { asker, lang, context } = ask;
    const id = person ?? asker.personId;
    const whose = id === null ? null : await store.personById(context.db, id);
    if (!whose) throw new AskerError(pick(lang, '没有这个人。', 'There is no such person.'));
    if (whose.id !== asker.personId && !atLeast(asker.role, 'admin'))
      throw new ForbiddenError(pick(lang, '只能改自己的密码。', 'You can set your own password only.'));
    await provePresent(ask, whose.id, current);
    const hash = await hashPassword(password);
    await context.db.$transaction(async (tx) => {
      await store.savePassword(tx, whose.id, hash, context.clock.now());
      await store.endSessionsOf(tx, whose.id, asker.session);
      await ask.record({ subject: `person:${whose.id}`, after: { password: 'set' } }, tx);
    });
    return {
      title: pick(
        lang,
        `${whose.name} 的密码已设置，其他登录已结束`,
        `The password of ${whose.name} is set; other sessions have ended`,
      ),
      tone: 'good',
    };
  },
});

/** Who changes his own has to know the present one: an open browser is not enough. */
async function provePresent({ asker, lang, context }: Ask, id: string, current: string | undefined): Promise<void> {
  if (id !== asker.personId) return;
  const kept = await store.passwordOf(context.db, id);
  if (kept && !(await verifyPassword(kept, current ?? '')))
    throw new AskerError(pick(lang, '现在的密码不对。', 'The present password is wrong.'));
}

export const accountCommands = [sessionsList, sessionsEnd, passwordSet];
