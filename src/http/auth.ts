import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import type { Lang } from '../core/message.ts';
import { type Asker, atLeast } from '../core/people.ts';
import type { Clock } from '../core/time.ts';
import { addAudit } from '../runtime/audit/store.ts';
import { askerOf, hashOf, type People, type Person } from '../runtime/people/people.ts';
import { endSession, saveSession, sessionPerson } from '../runtime/people/store.ts';
import type { Database } from '../store/db.ts';

const COOKIE = 'fieldbell';
const SESSION_DAYS = 30;

/** Who a request comes from: a token of another system, or a browser that signed in. */
export interface Auth {
  /** @returns null where nobody is known; the caller answers 401 */
  asker(request: FastifyRequest): Promise<Asker | null>;
  /** The person of the browser's session. */
  person(request: FastifyRequest): Promise<Person | null>;
  tokenOk(token: string): boolean;
  passwordOk(password: string): boolean;
  /** Opens a session and says so in the audit. @param by how it was proved: `password`, `code`, `sample` */
  signIn(reply: FastifyReply, request: FastifyRequest, person: Person, by: string): Promise<void>;
  signOut(reply: FastifyReply, request: FastifyRequest): Promise<void>;
  /** A request that changes something and relies on the cookie must come from our own page. */
  fromOwnPage(request: FastifyRequest): boolean;
}

export function createAuth(tools: { config: Config; db: Database; clock: Clock; people: People }): Auth {
  const { config, db, clock, people } = tools;

  function token(request: FastifyRequest) {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return given ? config.apiTokens.find((one) => same(one.token, given)) : undefined;
  }

  async function person(request: FastifyRequest): Promise<Person | null> {
    const cookie = request.cookies[COOKIE];
    return cookie ? sessionPerson(db, hashOf(cookie), clock.now()) : null;
  }

  async function audit(request: FastifyRequest, who: Person, action: string, facts: object = {}): Promise<void> {
    const asker = { personId: who.id, name: who.name };
    await addAudit(db, {
      at: clock.now(),
      asker,
      action,
      subject: `person:${who.id}`,
      after: { ...facts, ip: request.ip },
    });
  }

  return {
    person,
    tokenOk: (given) => config.apiTokens.some((one) => same(one.token, given)),
    passwordOk: (given) => config.adminPassword !== undefined && same(config.adminPassword, given),
    async asker(request) {
      const lang = languageOf(request);
      const known = token(request);
      if (known) {
        const asker: Asker = { personId: null, name: known.name, role: known.role, lang, subjects: [], from: null };
        const named = request.headers['x-fieldbell-person'];
        const id = typeof named === 'string' ? decodeURIComponent(named) : '';
        if (!id) return asker;
        const meant = askerOf(await people.find(id));
        // A token never lends more than its own role.
        return { ...meant, lang, role: atLeast(meant.role, known.role) ? known.role : meant.role };
      }
      if (request.headers.authorization) return null;
      const signedIn = await person(request);
      return signedIn ? { ...askerOf(signedIn), lang, session: hashOf(request.cookies[COOKIE] ?? '') } : null;
    },
    async signIn(reply, request, signedIn, by) {
      const cookie = randomBytes(32).toString('base64url');
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + SESSION_DAYS * 86_400_000);
      const agent = request.headers['user-agent']?.slice(0, 200) ?? null;
      const session = { personId: signedIn.id, createdAt: now, expiresAt, agent, ip: request.ip };
      await saveSession(db, { hash: hashOf(cookie), ...session });
      await audit(request, signedIn, 'sign-in', { by });
      const secure = request.protocol === 'https' || (config.publicUrl?.startsWith('https:') ?? false);
      reply.setCookie(COOKIE, cookie, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: secure && !isLoopback(request),
        maxAge: SESSION_DAYS * 86_400,
      });
    },
    async signOut(reply, request) {
      const cookie = request.cookies[COOKIE];
      const who = await person(request);
      if (cookie) await endSession(db, hashOf(cookie));
      if (who) await audit(request, who, 'sign-out');
      reply.clearCookie(COOKIE, { path: '/' });
    },
    fromOwnPage(request) {
      const origin = request.headers.origin;
      const sameOrigin = !origin || hostOf(origin) === request.headers.host;
      return sameOrigin && (request.headers['x-fieldbell'] === '1' || token(request) !== undefined);
    },
  };
}

/** Whether a request comes from this machine and knows it: a page elsewhere that points its name at us does not. */
export function isLoopback(request: FastifyRequest): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '') &&
    !request.headers['x-forwarded-for'] &&
    ['localhost', '127.0.0.1', '[::1]'].includes(host)
  );
}

/** The language of `accept-language`; Chinese unless English comes first. */
export function languageOf(request: FastifyRequest): Lang {
  return /^\s*en/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'zh';
}

/** Compares in constant time, whatever the lengths. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
