import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Rules } from '../core/context.ts';
import { type Lang, pick } from '../core/message.ts';
import { type Role, SUBJECT_NAMES, type SubjectKind } from '../core/people.ts';
import type { Clock } from '../core/time.ts';
import { lastOf, newestSeq } from '../runtime/console/store.ts';
import type { People, Person } from '../runtime/people/people.ts';
import type { Database } from '../store/db.ts';
import { problem, refused } from './api-routes.ts';
import { type Auth, isLoopback, languageOf } from './auth.ts';
import { lastLine, roomsOf } from './console-rooms.ts';
import type { ConsoleSession } from './console-wire.ts';

export interface SessionTools {
  db: Database;
  clock: Clock;
  rules: Rules;
  people: People;
  auth: Auth;
  isSample(): boolean;
  /** Somebody has opened the page and will soon want a chart. */
  opened(): void;
}

/** Who uses the page: the session, choosing a sample person, signing out. */
export function sessionRoutes(tools: SessionTools) {
  const { db, auth, people, rules } = tools;
  const mayChoose = (request: FastifyRequest) => tools.isSample() && isLoopback(request);

  return async (app: FastifyInstance): Promise<void> => {
    app.get('/api/console/session', async (request): Promise<ConsoleSession> => {
      tools.opened();
      const person = await auth.person(request);
      const lang = languageOf(request);
      const seen = person ? roomsOf(person, rules, lang) : [];
      return {
        me: person && {
          id: person.id,
          name: person.name,
          role: person.role as Role,
        },
        sample: tools.isSample(),
        people: mayChoose(request) ? await samplePeople(people, lang) : [],
        rooms: await Promise.all(seen.map(async (room) => ({ ...room, ...lastLine(await lastOf(db, room.id)) }))),
        tries: triesFor(person, lang),
        zone: tools.clock.zone,
        signIn: !person && !mayChoose(request),
        seq: await newestSeq(db),
      };
    });

    app.post('/api/console/session', async (request, reply) => {
      if (!mayChoose(request))
        return problem(reply, 403, 'only the sample workspace, on this machine, lets one choose');
      if (!auth.fromOwnPage(request)) return refused(reply);
      const id = z.object({ person: z.string() }).safeParse(request.body).data?.person;
      const person = id ? await people.byId(id) : null;
      if (!person?.sample) return problem(reply, 404, 'there is no such sample person');
      await auth.signIn(reply, request, person, 'sample');
      return reply.code(204).send();
    });

    app.delete('/api/console/session', async (request, reply) => {
      if (!auth.fromOwnPage(request)) return refused(reply);
      await auth.signOut(reply, request);
      return reply.code(204).send();
    });
  };
}

async function samplePeople(people: People, lang: Lang) {
  return (await people.list())
    .filter((person) => person.sample)
    .map((person) => ({
      id: person.id,
      name: person.name,
      role: person.role as Role,
      note: person.subjects.map(({ kind, id }) => `${SUBJECT_NAMES[kind as SubjectKind][lang]} ${id}`).join(' · '),
    }));
}

/** Lines to try: what this person can ask and get an answer to. */
function triesFor(person: Person | null, lang: Lang): string[] {
  const kinds = new Set(person?.subjects.map((subject) => subject.kind));
  const leads = person?.role === 'lead' || person?.role === 'admin';
  return [
    ...(kinds.has('driver') ? [pick(lang, '司机 近7天趋势', 'trend last_7_days')] : []),
    ...(kinds.has('housekeeper') ? [pick(lang, '我的奖励', 'my reward'), pick(lang, '为什么', 'why')] : []),
    ...(leads ? [pick(lang, '司机 D-1023 近7天趋势', 'trend driver D-1023')] : []),
    pick(lang, '今日外呼', 'calls today'),
    pick(lang, '奖励排行', 'reward rank'),
    pick(lang, '本月外呼', 'calls month'),
    pick(lang, '帮助', 'help'),
  ].slice(0, 5);
}
