import type { Context } from '../../core/context.ts';
import { type Lang, type Message, type MessageDraft, pick } from '../../core/message.ts';
import { maskAddress } from '../../core/platform.ts';
import { clockTime, dayOf, localMinute, sayDay } from '../../core/time.ts';
import { isForRoom, isLate, type Missed, type Subscription } from './model.ts';
import { nextDue, saySchedule, workdayDoubt } from './schedule.ts';

type World = Pick<Context, 'clock' | 'words' | 'rules'>;

const MISSED_WORDS: Record<Missed, Record<Lang, string>> = {
  skip: { zh: '错过不补', en: 'missed ones are skipped' },
  once: { zh: '错过补一次', en: 'made good once if missed' },
  all: { zh: '错过都补', en: 'all missed ones are made good' },
};

/** It is subscribed: what, when, to whom, and when first. */
export function addedCard(world: World, subscription: Subscription, lang: Lang): MessageDraft {
  const { clock } = world;
  const next = nextDue(subscription.schedule, clock.now(), clock.zone);
  const { title, text } = world.words.say('subscriptions/added', lang, {
    ...factsOf(subscription, lang),
    to: sayTo(world, subscription, lang),
    next: sayInstant(next, clock.zone, lang),
    missed: MISSED_WORDS[subscription.missed][lang],
    doubt: workdayDoubt(subscription.schedule, next, clock.zone, lang) ?? '',
  });
  const call = { command: 'subscriptions.remove', args: { id: subscription.id } };
  return {
    title,
    tone: 'good',
    blocks: [
      { type: 'text', text },
      { type: 'actions', buttons: [{ label: pick(lang, '退订', 'Unsubscribe'), call }] },
    ],
    lang,
  };
}

/** Subscriptions with their next due time, or why they rest. */
export function listCard(
  world: World,
  listed: readonly { subscription: Subscription; rests: string | null }[],
  lang: Lang,
): MessageDraft {
  if (listed.length === 0) {
    const text = pick(
      lang,
      '还没有订阅。例：订阅 今日外呼 每天18:00',
      'No subscriptions yet. Example: subscribe "calls today" every day at 18:00',
    );
    return { blocks: [{ type: 'text', text }], lang };
  }
  const { clock } = world;
  const nexts = listed.map(({ subscription }) => nextDue(subscription.schedule, clock.now(), clock.zone));
  const doubts = listed.map(({ subscription }, at) =>
    workdayDoubt(subscription.schedule, nexts[at] as Date, clock.zone, lang),
  );
  const notes = [
    ...new Set(doubts.filter((doubt) => doubt !== null)),
    pick(lang, '退订：退订 编号', 'To end one: unsubscribe NUMBER'),
  ];
  return {
    title: pick(
      lang,
      `订阅 ${listed.length} 条`,
      `${listed.length} ${listed.length === 1 ? 'subscription' : 'subscriptions'}`,
    ),
    blocks: [
      {
        type: 'table',
        columns: [
          { label: pick(lang, '编号', 'No.'), align: 'right' },
          { label: pick(lang, '内容', 'What') },
          { label: pick(lang, '时间', 'When') },
          { label: pick(lang, '发到', 'To') },
          { label: pick(lang, '下次', 'Next') },
        ],
        rows: listed.map(({ subscription, rests }, at) => [
          String(subscription.id),
          subscription.line,
          saySchedule(subscription.schedule, lang),
          sayTo(world, subscription, lang),
          rests === null
            ? sayInstant(nexts[at] as Date, clock.zone, lang)
            : pick(lang, `已暂停：${rests}`, `paused: ${rests}`),
        ]),
      },
      { type: 'text', text: notes.join('\n') },
    ],
    lang,
  };
}

export function removedCard(world: World, subscription: Subscription, lang: Lang): MessageDraft {
  const { title, text } = world.words.say('subscriptions/removed', lang, factsOf(subscription, lang));
  return { title, blocks: text ? [{ type: 'text', text }] : [], lang };
}

/** The answer as it is posted; one that is made good says when it was due. */
export function postedMessage(world: World, subscription: Subscription, answer: Message, due: Date): MessageDraft {
  const { clock } = world;
  const { schedule, lang } = subscription;
  const at = localMinute(due, clock.zone);
  const notes = [
    isLate(due, clock.now()) ? pick(lang, `补发：应于 ${at} 发出。`, `Late: this was due at ${at}.`) : null,
    workdayDoubt(schedule, due, clock.zone, lang),
  ].filter((note) => note !== null);
  const blocks =
    notes.length > 0 ? [...answer.blocks, { type: 'text' as const, text: notes.join('\n') }] : answer.blocks;
  return { ...answer, blocks, private: undefined, replaces: undefined };
}

/** To the owner, once: it cannot run as things are. */
export function restsMessage(world: World, subscription: Subscription, why: string): MessageDraft {
  const { lang } = subscription;
  const { title, text } = world.words.say('subscriptions/paused', lang, { ...factsOf(subscription, lang), why });
  return { title, tone: 'warn', blocks: [{ type: 'text', text }], lang };
}

/** To the group: who subscribed left, so it ends. */
export function goneMessage(world: World, subscription: Subscription): MessageDraft {
  const { lang } = subscription;
  const { title, text } = world.words.say('subscriptions/gone', lang, factsOf(subscription, lang));
  return { title, tone: 'warn', blocks: [{ type: 'text', text }], lang };
}

function factsOf({ id, line, schedule }: Subscription, lang: Lang) {
  return { id, line, schedule: saySchedule(schedule, lang) };
}

function sayTo({ rules }: World, subscription: Subscription, lang: Lang): string {
  if (!isForRoom(subscription)) return pick(lang, '本人', 'the subscriber');
  const channel = rules.channels().find((one) => one.address === subscription.to);
  return channel?.title ?? channel?.name ?? maskAddress(subscription.to);
}

function sayInstant(instant: Date, zone: string, lang: Lang): string {
  return `${sayDay(dayOf(instant, zone), lang)} ${clockTime(instant, zone)}`;
}
