import type { SubjectKind } from './wire.ts';

const WORDS = {
  driver: ['司机', 'driver'],
  housekeeper: ['管家', 'housekeeper'],
  seat: ['坐席', 'seat'],
} as const satisfies Record<SubjectKind, readonly [zh: string, en: string]>;

export const SUBJECT_KINDS = Object.keys(WORDS) as SubjectKind[];

/** Whom somebody is upstream, in words. */
export function subjectWords(kind: SubjectKind, say: (zh: string, en: string) => string): string {
  const [zh, en] = WORDS[kind];
  return say(zh, en);
}
