import type { LetterState } from './wire.ts';

/** States of a letter as people read them, in the order in which one asks for them. */
export const LETTER_STATES: readonly {
  state: LetterState;
  zh: string;
  en: string;
  tone: string;
  about: { zh: string; en: string };
}[] = [
  {
    state: 'queued',
    zh: '等待',
    en: 'Waiting',
    tone: 'info',
    about: { zh: '排队中，到时间就发', en: 'goes out when its time has come' },
  },
  { state: 'sending', zh: '发送中', en: 'Sending', tone: 'info', about: { zh: '正在发', en: 'on its way' } },
  { state: 'sent', zh: '已发', en: 'Sent', tone: 'good', about: { zh: '平台已收下', en: 'taken by the platform' } },
  {
    state: 'held',
    zh: '暂存',
    en: 'Held',
    tone: 'warn',
    about: { zh: '还没有去向，有了就发', en: 'has nowhere to go yet' },
  },
  {
    state: 'doubtful',
    zh: '存疑',
    en: 'Doubtful',
    tone: 'warn',
    about: { zh: '可能已到，不会自动重发', en: 'may have arrived; never repeated by itself' },
  },
  {
    state: 'dead',
    zh: '失败',
    en: 'Dead',
    tone: 'bad',
    about: { zh: '已放弃，可以重发', en: 'given up; can be sent again' },
  },
  { state: 'merged', zh: '已合并', en: 'Merged', tone: 'plain', about: { zh: '并进了汇总', en: 'said by a digest' } },
  {
    state: 'expired',
    zh: '过期',
    en: 'Expired',
    tone: 'plain',
    about: { zh: '过了时间或已取消', en: 'too late, or cancelled' },
  },
];

export function letterState(state: LetterState) {
  return LETTER_STATES.find((one) => one.state === state) ?? (LETTER_STATES[0] as (typeof LETTER_STATES)[number]);
}
