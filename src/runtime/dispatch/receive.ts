import { join } from 'node:path';
import type { Context } from '../../core/context.ts';
import { messageOf } from '../../core/errors.ts';
import { type Call, type Lang, type Message, pick, textMessage } from '../../core/message.ts';
import { atLeast } from '../../core/people.ts';
import type { ChatPlatform, Inbound, Receive } from '../../core/platform.ts';
import { takeFiles } from '../inbound/inbox.ts';
import { keptCall, takeOnce } from '../inbound/store.ts';
import type { People } from '../people/people.ts';
import type { Answer, Question } from './answer.ts';
import type { Say } from './say.ts';

export interface ReceiveTools {
  answer(question: Question): Promise<Answer>;
  people: People;
  say: Say;
  context: Context;
  /** Where files that people send are kept. */
  dataFolder: string;
}

/**
 * Takes what happened on a platform, once, answers it, and sends the answer back where it belongs: a personal answer to a
 * question from a group goes to the asker alone, and the group is told so.
 */
export function createReceiver(platform: ChatPlatform, tools: ReceiveTools): Receive {
  const { answer, people, say, context } = tools;

  async function handle(inbound: Inbound): Promise<void> {
    const asker = await people.askerAt(inbound.from, inbound.fromName);
    const lang = inbound.lang ?? asker.lang;
    const reply = (message: Message) => say(platform, inbound.room, message, { inReplyTo: inbound });
    if (inbound.files?.length && atLeast(asker.role, 'staff')) {
      await reply(await takeFiles(inbound.files, join(tools.dataFolder, 'inbox'), context.clock, lang));
      if (!inbound.text) return;
    }
    let call: Call | undefined = inbound.call;
    if (!call && inbound.ref) {
      call = (await keptCall(context.db, inbound.ref)) ?? undefined;
      if (!call) return reply(tooOld(lang));
    }
    const {
      message,
      private: isPrivate,
      command,
      outcome,
    } = await answer({
      asker,
      text: inbound.text,
      call,
      // A typed line shows its language itself.
      lang: inbound.text ? undefined : inbound.lang,
      group: inbound.group,
      room: inbound.room,
    });
    context.log.info({ platform: platform.name, command, outcome, person: asker.personId }, 'answered');
    const turned = call?.turns && outcome === 'done' ? { ...message, replaces: true } : message;
    if (!inbound.group || !isPrivate) return reply(turned);
    await replyPrivately(inbound, asker.name, message);
  }

  async function replyPrivately(inbound: Inbound, name: string, message: Message): Promise<void> {
    const shown = message.blocks.some((block) => ['chart', 'pictures', 'file'].includes(block.type));
    if (platform.whispers && !shown) {
      return say(platform, inbound.room, message, { inReplyTo: inbound, onlyFor: inbound.from });
    }
    try {
      await say(platform, inbound.from, message);
    } catch (error) {
      context.log.warn({ platform: platform.name, why: messageOf(error) }, 'a private answer could not be delivered');
      const sorry = pick(
        message.lang,
        '这是你个人的数据，我没法私信你。请先和我单聊一次，再在那里问。',
        'This is personal, and I cannot write to you directly. Open a direct chat with me and ask there.',
      );
      return say(platform, inbound.room, textMessage(sorry, message.lang), { inReplyTo: inbound });
    }
    const told: Message = { ...textMessage(privately(name, message.lang), message.lang), notice: 'private' };
    await say(platform, inbound.room, told, { inReplyTo: inbound });
  }

  return async (inbound) => {
    if (!(await takeOnce(context.db, platform.name, inbound.id, context.clock.now()))) return;
    try {
      await handle(inbound);
    } catch (error) {
      context.log.error({ err: error, platform: platform.name }, `an answer could not be given: ${messageOf(error)}`);
    }
  };
}

function tooOld(lang: Lang): Message {
  return textMessage(pick(lang, '这个按钮太久了，请重新问一次。', 'This button is too old. Please ask again.'), lang);
}

/** What the group sees of a private answer: to whom it went. */
function privately(name: string, lang: Lang): string {
  return name
    ? pick(lang, `${name}，已私信给你。`, `${name}, I sent it to you directly.`)
    : pick(lang, '已私信给你。', 'I sent it to you directly.');
}
