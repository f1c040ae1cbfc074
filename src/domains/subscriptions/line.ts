import type { Reader } from '../../core/reader.ts';
import type { Missed } from './model.ts';
import { findSchedule, HIDDEN } from './schedule-words.ts';

/** How `订阅 今日外呼 每天18:00 给我` is taken apart. Words in quotation marks belong to the subscribed line. */

const QUOTED = /"[^"]+"|“[^”]+”|「[^」]+」|『[^』]+』/;

const TO: readonly [RegExp, 'me' | 'here'][] = [
  [
    /(?:只|私下)?(?:发|推送)?给我(?:自己|本人)?(?:发送?|推送)?|私(?:信|聊)(?:给)?我|(?:\b(?:to|for)\s+)?\b(?:me|myself)\b/i,
    'me',
  ],
  [
    /(?:发|推送)?(?:到|在)?(?:这里|这儿|本群|这个群|群里)|\bhere\b|\b(?:to|in)\s+(?:this|the)\s+(?:group|room|channel)\b/i,
    'here',
  ],
];

const POLICY: readonly [RegExp, Missed][] = [
  [/错过(?:的|了)?(?:就)?(?:不补|跳过)|\bskip\s+missed\b|\bskip$/i, 'skip'],
  [/错过(?:的|了)?(?:都|全部?)补|\ball\s+missed\b|\ball$/i, 'all'],
  [/错过(?:的|了)?补一次|\bonce\s+if\s+missed\b|\bonce$/i, 'once'],
];

export const to: Reader = { what: { zh: '发给谁', en: 'where to' }, read: (words) => oneOf(TO, words) };
export const missed: Reader = {
  what: { zh: '错过时怎么办', en: 'what to do if missed' },
  read: (words) => oneOf(POLICY, words),
};

/** The words of the schedule, also where they cannot be read: the command says what is wrong with them. */
export const when: Reader = {
  what: { zh: '时间', en: 'when' },
  read(words) {
    const found = findSchedule(hidden(words));
    return found && cut(words, found.at, found.length);
  },
};

/** All that is left: the line to subscribe to. */
export const line: Reader = {
  what: { zh: '要订阅的话', en: 'the line' },
  read(words) {
    const value = words
      .replace(/^(?:发送?|推送|播报)\s*|[\s,;、]+$/g, '')
      .replace(new RegExp(`^(?:${QUOTED.source})$`), (quoted) => quoted.slice(1, -1))
      .trim();
    return value ? { value, rest: '' } : null;
  },
};

function oneOf<T extends string>(choices: readonly [RegExp, T][], words: string) {
  for (const [pattern, value] of choices) {
    const found = pattern.exec(hidden(words));
    if (found) return { ...cut(words, found.index, found[0].length), value };
  }
  return null;
}

function hidden(words: string): string {
  return words.replace(new RegExp(QUOTED.source, 'g'), (quoted) => HIDDEN.repeat(quoted.length));
}

function cut(words: string, at: number, length: number) {
  const rest = `${words.slice(0, at)} ${words.slice(at + length)}`.replace(/\s+/g, ' ').trim();
  return { value: words.slice(at, at + length).trim(), rest };
}
