import { z } from 'zod';
import type { Lang } from './message.ts';
import type { Address } from './platform.ts';

export const ROLES = ['guest', 'staff', 'lead', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a role is at least another. */
export function atLeast(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** Marks that turn the direction of text, and spaces without width: a name with them is shown as another. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cc}]/gu;

/** A person's name, 1 to 60 characters, without what cannot be seen. */
export const PersonName = z
  .string()
  .overwrite((name) => name.replace(UNSEEN, '').trim())
  .min(1)
  .max(60);

/** What a person is in the systems upstream. */
export type SubjectKind = 'housekeeper' | 'driver' | 'seat';
export interface SubjectRef {
  kind: SubjectKind;
  id: string;
}

/** Who asks. Nobody known: a guest without a person. */
export interface Asker {
  personId: string | null;
  name: string;
  role: Role;
  city?: string | undefined;
  lang: Lang;
  /** Whom the asker is; private figures are resolved by these ids, never by name. */
  subjects: readonly SubjectRef[];
  /** The address that was spoken from; null over HTTP and on the command line. */
  from: Address | null;
  /** The browser's session that he asks by, as its hash. */
  session?: string | undefined;
}

export function subjectIds(asker: Asker, kind: SubjectKind): string[] {
  return asker.subjects.filter((subject) => subject.kind === kind).map((subject) => subject.id);
}

/** Roles as people read them. */
export const ROLE_NAMES: Record<Role, Record<Lang, string>> = {
  guest: { zh: '访客', en: 'guest' },
  staff: { zh: '员工', en: 'staff' },
  lead: { zh: '主管', en: 'lead' },
  admin: { zh: '管理员', en: 'administrator' },
};

/** What people are upstream, as people read it. */
export const SUBJECT_NAMES: Record<SubjectKind, Record<Lang, string>> = {
  housekeeper: { zh: '管家', en: 'housekeeper' },
  driver: { zh: '司机', en: 'driver' },
  seat: { zh: '坐席', en: 'seat' },
};
