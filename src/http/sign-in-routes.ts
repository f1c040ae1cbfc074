import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AskerError } from '../core/errors.ts';
import { pick } from '../core/message.ts';
import type { Clock } from '../core/time.ts';
import { addAudit } from '../runtime/audit/store.ts';
import { verifyPassword } from '../runtime/people/passwords.ts';
import type { People, Person } from '../runtime/people/people.ts';
import { passwordOf } from '../runtime/people/store.ts';
import type { Database } from '../store/db.ts';
import { problem, refused } from './api-routes.ts';
import { type Auth, languageOf } from './auth.ts';
import { wrongTries } from './wrong-tries.ts';

const Proof = z.union([
  z.strictObject({ person: z.string().trim().max(100).optional(), password: z.string().max(200) }),
  z.strictObject({ code: z.string().max(40) }),
]);
type Proof = z.output<typeof Proof>;

export interface SignInTools {
  db: Database;
  auth: Auth;
  people: People;
  clock: Clock;
  /** The first administrator, whose password is in the settings. */
  administrator(): Promise<Person>;
}

/** Signing in: by name and password, by the administrator's password of the settings, or by a one-time code. */
export function signInRoutes({ db, auth, people, clock, administrator }: SignInTools) {
  const wrong = wrongTries(clock);

  async function check(proof: Proof): Promise<Person | null> {
    if ('code' in proof) return people.redeem(proof.code);
    if (proof.person) {
      const named = await people.find(proof.person).catch((error: unknown) => {
        if (error instanceof AskerError) return null;
        throw error;
      });
      // Also where nobody has the name: an answer that comes sooner would say so.
      if (await verifyPassword(named && (await passwordOf(db, named.id)), proof.password)) return named;
      return named?.id === 'admin' && auth.passwordOk(proof.password) ? named : null;
    }
    return auth.passwordOk(proof.password) ? administrator() : null;
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.post('/api/console/sign-in', async (request, reply) => {
      const lang = languageOf(request);
      if (!auth.fromOwnPage(request)) return refused(reply);
      const proof = Proof.safeParse(request.body);
      const named = proof.success && 'person' in proof.data && proof.data.person ? `person ${proof.data.person}` : null;
      const keys = [`ip ${request.ip}`, ...(named ? [named] : [])];
      if (keys.some(wrong.tooMany)) {
        return problem(
          reply,
          429,
          pick(lang, '试得太多了，十分钟后再来。', 'Too many tries; come back in ten minutes.'),
        );
      }
      // Counted before it is looked at: many at once are as many.
      keys.forEach(wrong.note);
      const person = proof.success ? await check(proof.data) : null;
      if (!person) {
        const asker = { personId: null, name: proof.success && named ? named.slice(7) : '?' };
        const after = { ip: request.ip };
        await addAudit(db, { at: clock.now(), asker, action: 'sign-in.refused', subject: 'sign-in', after });
        return problem(
          reply,
          401,
          pick(
            lang,
            '姓名、密码或登录码不对，或登录码已用过、已过期。',
            'Wrong name, password or code, or the code was used or is too old.',
          ),
        );
      }
      keys.forEach(wrong.forget);
      await auth.signIn(reply, request, person, proof.success && 'code' in proof.data ? 'code' : 'password');
      return reply.code(204).send();
    });
  };
}
