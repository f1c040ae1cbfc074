import type { Logger } from 'pino';
import { messageOf } from '../../src/core/errors.ts';
import { pick } from '../../src/core/message.ts';
import type { Address, Inbound } from '../../src/core/platform.ts';
import type { Clock } from '../../src/core/time.ts';
import { type BotParcel, captionOf } from './draw.ts';
import type { Timings } from './timings.ts';
import { type Answer, judge, type Wire } from './wire.ts';

/** Runs what is sent to one conversation one after the other. */
export type InOrder = <T>(room: Address, task: () => Promise<T>) => Promise<T>;

/** Answers to what people said, by the ids of their events. */
export interface Replies {
  /** A message: says at once that it is being worked on. @returns false where it is known already */
  question(inbound: Inbound, reqId: string): boolean;
  /** A pressed card. @returns false where it is known already */
  press(inbound: Inbound, reqId: string): boolean;
  /** The answer failed, and nobody will send one. */
  failed(inbound: Inbound): void;
  /**
   * Sends a parcel as an answer, in the place of the waiting words where they still wait. To be called in order.
   * @param body the parcel as the platform takes it
   * @returns false where it has to be sent unasked: the question is unknown here, or too old
   * @throws DeliveryError
   */
  answer(to: Inbound, parcel: BotParcel, body: object, signal?: AbortSignal): Promise<boolean>;
  /** The request id of a card pressed just now, which may still be replaced. */
  pressed(inbound: Inbound): string | undefined;
  /** Closes what still waits. */
  stop(): Promise<void>;
}

interface Known {
  inbound: Inbound;
  reqId: string;
  at: number;
  /** Words that wait for the answer; undefined where none do any more. */
  waiting: { id: string; timer: NodeJS.Timeout } | undefined;
  /** A request id that the platform takes no reply for. */
  spent: boolean;
}

const REPLY_MS = 24 * 60 * 60_000;
const KEPT = 5000;
/** The platform allows 5 s from the press; some of them pass on the way. */
const UPDATE_MS = 4500;
const INVALID_REQUEST = 846605;
const STREAM_EXPIRED = 846608;

export function createReplies(options: {
  wire: Wire;
  inOrder: InOrder;
  clock: Clock;
  log: Logger;
  timings: Timings;
}): Replies {
  const { wire, inOrder, clock, log, timings } = options;
  const known = new Map<string, Known>();
  const now = () => clock.now().getTime();

  function remember(inbound: Inbound, reqId: string): Known | undefined {
    if (known.has(inbound.id)) return undefined;
    for (const [id, oldest] of known) {
      if (known.size < KEPT && now() - oldest.at < REPLY_MS) break;
      clearTimeout(oldest.waiting?.timer);
      known.delete(id);
    }
    const one: Known = { inbound, reqId, at: now(), waiting: undefined, spent: false };
    known.set(inbound.id, one);
    return one;
  }

  /** Shows content in the place of the waiting words. It replaces, so a doubtful try may be repeated. */
  async function show(one: Known, id: string, content: string, finish: boolean, signal?: AbortSignal): Promise<Answer> {
    const body = { msgtype: 'stream', stream: { id, finish, content } };
    const send = () => wire.respond(one.reqId, body, 'aibot_respond_msg', signal);
    return finish ? await send().catch(send) : await send();
  }

  function closing(one: Known): string | undefined {
    const id = one.waiting?.id;
    clearTimeout(one.waiting?.timer);
    one.waiting = undefined;
    return id;
  }

  async function apologise(one: Known, words: string): Promise<void> {
    await inOrder(one.inbound.room, async () => {
      const id = closing(one);
      if (id === undefined) return;
      await show(one, id, words, true).catch((error: unknown) =>
        log.warn({ why: messageOf(error) }, 'a waiting answer could not be closed'),
      );
    });
  }

  return {
    question(inbound, reqId) {
      const one = remember(inbound, reqId);
      if (!one) return false;
      const id = crypto.randomUUID();
      const timer = setTimeout(() => void apologise(one, late(inbound)), timings.apologyMs);
      one.waiting = { id, timer: timer.unref() };
      inOrder(inbound.room, () => show(one, id, working(inbound), false)).then(
        ({ errcode, errmsg }) => errcode && log.warn({ errcode, errmsg }, 'an acknowledgement was refused'),
        (error: unknown) => log.warn({ why: messageOf(error) }, 'an acknowledgement could not be sent'),
      );
      return true;
    },
    press: (inbound, reqId) => remember(inbound, reqId) !== undefined,
    failed(inbound) {
      const one = known.get(inbound.id);
      if (one) void apologise(one, broken(inbound));
    },
    async answer(to, parcel, body, signal) {
      const one = known.get(to.id);
      // The request id of an event takes no messages.
      if (!one || one.spent || one.inbound.ref !== undefined || now() - one.at >= REPLY_MS) return false;
      const id = one.waiting?.id;
      if (id !== undefined) {
        const { errcode, errmsg } = await show(one, id, captionOf(parcel), true, signal);
        const taken = errcode === 0;
        if (!taken && errcode !== STREAM_EXPIRED && errcode !== INVALID_REQUEST) throw judge(errcode, errmsg);
        closing(one);
        one.spent = errcode === INVALID_REQUEST;
        if (one.spent) return false;
        if (taken && parcel.msgtype === 'markdown') return true;
      }
      const { errcode, errmsg } = await wire.respond(one.reqId, body, 'aibot_respond_msg', signal);
      if (errcode === INVALID_REQUEST) one.spent = true;
      else if (errcode !== 0) throw judge(errcode, errmsg);
      return errcode === 0;
    },
    pressed(inbound) {
      const one = known.get(inbound.id);
      return one?.inbound.ref !== undefined && now() - one.at < UPDATE_MS ? one.reqId : undefined;
    },
    async stop() {
      const waiting = [...known.values()].filter((one) => one.waiting);
      await Promise.all(waiting.map((one) => apologise(one, broken(one.inbound))));
    },
  };
}

/** The language of a typed line: without a Chinese character it is English. */
function say({ text = '' }: Inbound, zh: string, en: string): string {
  return pick(/[a-z]/i.test(text) && !/\p{Script=Han}/u.test(text) ? 'en' : 'zh', zh, en);
}

function working(inbound: Inbound): string {
  return say(inbound, '处理中…', 'Working on it…');
}

function late(inbound: Inbound): string {
  return say(
    inbound,
    '抱歉，这次查询太久了，还没有结果。有结果我会再发；也可以稍后再问一次。',
    'Sorry, this takes too long. I will send the answer if it comes; you can also ask again later.',
  );
}

function broken(inbound: Inbound): string {
  return say(inbound, '抱歉，这次没有答成，请再问一次。', 'Sorry, I could not answer that. Please ask again.');
}
