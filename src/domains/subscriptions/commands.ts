import { z } from 'zod';
import { type Ask, command } from '../../core/command.ts';
import { AskerError, ForbiddenError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { atLeast } from '../../core/people.ts';
import type { Address } from '../../core/platform.ts';
import { addedCard, listCard, removedCard } from './cards.ts';
import * as read from './line.ts';
import { isForRoom, MISSED, type Subscription } from './model.ts';
import { readSchedule } from './schedule-words.ts';
import { personal, questionsOf, standingOf } from './standing.ts';
import { activeSubscriptions, addSubscription, ownerOf, removeSubscription } from './store.ts';

const add = command({
  name: 'subscriptions.add',
  summary: {
    zh: '按时把一个问题的回答发到这里或发给我',
    en: 'Posts the answer to a question on a schedule, here or to me',
  },
  aliases: [
    { words: '订阅', leads: true },
    { words: 'subscribe', leads: true },
  ],
  args: z.strictObject({
    line: z.string().trim().max(200).optional().describe('The question, as typed in the chat'),
    when: z
      .string()
      .max(100)
      .optional()
      .describe('每天18:00, 每工作日 9:30, every monday at 9am, monthly on the 1st at 10:00'),
    to: z.enum(['here', 'me']).optional().describe('here: the group that it is asked in (default there); me'),
    missed: z.enum(MISSED).default('once').describe('Due times at which nothing ran: skip, once, or all'),
  }),
  reads: { missed: read.missed, when: read.when, to: read.to, line: read.line },
  examples: {
    zh: [
      '订阅 今日外呼 每天18:00',
      '订阅 我的奖励 每周一9点 给我',
      '订阅 昨日外呼 每工作日 9:30',
      '订阅 上月外呼 每月1日 10点 错过不补',
    ],
    en: ['subscribe "calls today" every day at 18:00', 'subscribe "my reward" every monday at 9am to me'],
  },
  role: 'staff',
  writes: true,
  async run(ask, { line, when, to: wanted, missed }) {
    const { asker, lang, context } = ask;
    const owner = asker.personId === null ? null : await ownerOf(context.db, asker.personId);
    if (!owner || asker.personId === null) throw new AskerError(unknownAsker(lang));
    const to = destination(ask, wanted) ?? `person:${asker.personId}`;
    const said = line?.trim() || pick(lang, '今日外呼', 'calls today');
    const example = exampleOf(said, when ?? pick(lang, '每天18:00', 'every day at 18:00'), lang);
    if (!line?.trim()) throw new AskerError(pick(lang, '要订阅什么？', 'Subscribe to what?'), { example });
    if (!when) throw new AskerError(pick(lang, '什么时候发？', 'When shall it be sent?'), { example });
    const schedule = readSchedule(when, lang);
    const understood = understand(ask, said, when);
    const forRoom = isForRoom({ to });
    if (understood.writes) {
      throw new AskerError(
        pick(
          lang,
          '只能订阅查询，不能订阅会改动数据的命令。',
          'Only questions can be subscribed to, not what changes data.',
        ),
      );
    }
    if (forRoom && understood.private) {
      throw new AskerError(personal(lang), { example: `${example} ${pick(lang, '给我', 'to me')}` });
    }
    if (forRoom && !atLeast(asker.role, 'lead')) {
      throw new ForbiddenError(
        pick(
          lang,
          '发到群里的订阅要主管来设；你可以订阅给自己：在后面加「给我」。',
          'A subscription for a group needs a lead; add “to me” to have it for yourself.',
        ),
      );
    }
    if (!atLeast(asker.role, understood.role)) {
      throw new ForbiddenError(pick(lang, '你的权限不够用这个命令。', 'Your role may not use this command.'));
    }
    const wish = { line: said, schedule, missed, to, ownerId: asker.personId, lang };
    const known = (await activeSubscriptions(context.db)).find((one) => sameAs(one, wish));
    if (known) {
      throw new AskerError(
        pick(lang, `已经订阅过了，编号 ${known.id}。`, `That is subscribed to already, as number ${known.id}.`),
      );
    }
    const now = context.clock.now();
    const isSample =
      owner.sample || context.rules.channels().some((channel) => channel.sample && channel.address === to);
    const kept = { ...wish, sample: isSample };
    const id = await addSubscription(context.db, { ...kept, command: understood.call.command, said: when, at: now });
    return addedCard(context, { ...kept, id, doneUntil: now }, lang);
  },
});

const list = command({
  name: 'subscriptions.list',
  summary: { zh: '我的订阅；主管还能看到本群的', en: 'My subscriptions; for leads also those of the group' },
  aliases: [
    { words: '订阅列表', leads: true },
    { words: '我的订阅', leads: true },
    { words: 'subscriptions', leads: true },
    { words: 'my subscriptions', leads: true },
  ],
  args: z.strictObject({}),
  examples: { zh: ['订阅列表'], en: ['subscriptions'] },
  role: 'staff',
  audience: 'asker',
  async run(ask) {
    const { context, lang } = ask;
    const own = (await activeSubscriptions(context.db)).filter((one) => isManagedBy(ask, one));
    const listed = [];
    for (const subscription of own) {
      const standing = await standingOf(context, subscription, context.clock.now());
      listed.push({ subscription, rests: 'rests' in standing ? standing.rests : null });
    }
    return listCard(context, listed, lang);
  },
});

const remove = command({
  name: 'subscriptions.remove',
  summary: { zh: '退订', en: 'Ends a subscription' },
  aliases: [
    { words: '退订', leads: true },
    { words: '取消订阅', leads: true },
    { words: 'unsubscribe', leads: true },
  ],
  args: z.strictObject({ id: z.coerce.number().int().positive().describe('The number in the list of subscriptions') }),
  reads: { id: { what: { zh: '订阅的编号', en: 'the number' }, read: readNumber } },
  examples: { zh: ['退订 3'], en: ['unsubscribe 3'] },
  role: 'staff',
  writes: true,
  async run(ask, { id }) {
    const { context, lang } = ask;
    const subscription = (await activeSubscriptions(context.db)).find((one) => one.id === id && isManagedBy(ask, one));
    if (!subscription || !(await removeSubscription(context.db, id, context.clock.now()))) {
      throw new AskerError(
        pick(lang, `没有编号 ${id} 的订阅，或不归你管。`, `There is no subscription ${id}, or it is not yours to end.`),
        { example: pick(lang, '订阅列表', 'subscriptions') },
      );
    }
    return removedCard(context, subscription, lang);
  },
});

/** The list leads: 订阅列表 begins with 订阅 too. */
export const commands = [list, add, remove];

/** One's own; for leads those of the group that is spoken in; for administrators all. */
function isManagedBy({ asker, room }: Ask, { ownerId, to }: Subscription): boolean {
  return (
    (asker.personId !== null && ownerId === asker.personId) ||
    (atLeast(asker.role, 'lead') && room === to) ||
    atLeast(asker.role, 'admin')
  );
}

/** The group to post to; null: the asker. */
function destination({ group, room, lang }: Ask, wanted: 'here' | 'me' | undefined): Address | null {
  if (room === null && (wanted === 'here' || (group && !wanted))) {
    const zh = '这里不是聊天，没有「这里」可发。请在群里订阅，或订阅给自己（me）。';
    throw new AskerError(
      pick(lang, zh, 'This is no chat, so there is no “here”. Subscribe in the group, or for yourself (me).'),
    );
  }
  return group && wanted !== 'me' ? room : null;
}

function understand({ context, lang }: Ask, line: string, when: string) {
  try {
    return questionsOf(context).understand(line, lang);
  } catch (error) {
    if (!(error instanceof AskerError)) throw error;
    throw new AskerError(error.message, { example: error.example && exampleOf(error.example, when, lang) });
  }
}

function sameAs(one: Subscription, wish: Pick<Subscription, 'line' | 'schedule' | 'to' | 'ownerId'>): boolean {
  const key = ({ line, schedule, to, ownerId }: typeof wish) => JSON.stringify([line, schedule, to, ownerId]);
  return key(one) === key(wish);
}

function exampleOf(line: string, when: string, lang: Ask['lang']): string {
  return pick(lang, `订阅 ${line} ${when}`, `subscribe "${line}" ${when}`);
}

function unknownAsker(lang: Ask['lang']): string {
  return pick(
    lang,
    '订阅以你的名义运行，而这里没有你的身份。请先关联到人员，或用 --as 指明是谁。',
    'A subscription runs in your name, and here you have none. Be linked to a person first, or say who you are with --as.',
  );
}

function readNumber(words: string) {
  const found = /^#?\s*(\d{1,9})$/.exec(words.trim());
  return found?.[1] ? { value: found[1], rest: '' } : null;
}
