import type { Context } from '../../core/context.ts';
import { messageOf } from '../../core/errors.ts';
import { type Lang, type Message, pick, textMessage } from '../../core/message.ts';
import type { Address, ChatPlatform, Inbound, Receive } from '../../core/platform.ts';
import type { People } from '../people/people.ts';
import type { createAnswerer } from './answer.ts';

/** Makes a message into parcels of a platform and sends them one after the other. */
export type Say = (platform: ChatPlatform, to: Address, message: Message, inReplyTo?: Inbound) => Promise<void>;

/**
 * Takes what happened on a platform, answers it, and sends the answer back where it belongs: a personal answer to a
 * question from a group goes to the asker alone, and the group is told so.
 */
export function createReceiver(
  platform: ChatPlatform,
  tools: {
    answer: ReturnType<typeof createAnswerer>;
    people: People;
    say: Say;
    context: Context;
  },
): Receive {
  const { answer, people, say, context } = tools;
  return async (inbound) => {
    const asker = await people.askerAt(inbound.from, inbound.fromName);
    const {
      message,
      private: isPrivate,
      command,
      outcome,
    } = await answer({
      asker,
      text: inbound.text,
      call: inbound.call,
      lang: inbound.lang,
      group: inbound.group,
    });
    context.log.info({ platform: platform.name, command, outcome, person: asker.personId }, 'answered');
    if (!inbound.group || !isPrivate) return say(platform, inbound.room, message, inbound);
    try {
      await say(platform, inbound.from, message);
    } catch (error) {
      context.log.warn({ platform: platform.name, why: messageOf(error) }, 'a private answer could not be delivered');
      const sorry = pick(
        message.lang,
        '这是你个人的数据，我没法私信你。请先和我单聊一次，再在那里问。',
        'This is personal, and I cannot write to you directly. Open a direct chat with me and ask there.',
      );
      return say(platform, inbound.room, textMessage(sorry, message.lang), inbound);
    }
    await say(
      platform,
      inbound.room,
      {
        ...textMessage(privately(asker.name, message.lang), message.lang),
        notice: 'private',
      },
      inbound,
    );
  };
}

/** What the group sees of a private answer: to whom it went. */
function privately(name: string, lang: Lang): string {
  return name
    ? pick(lang, `${name}，已私信给你。`, `${name}, I sent it to you directly.`)
    : pick(lang, '已私信给你。', 'I sent it to you directly.');
}
