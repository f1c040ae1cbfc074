import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { pick } from '../core/message.ts';
import type { Clock } from '../core/time.ts';
import type { People, Person } from '../runtime/people/people.ts';
import { problem, refused } from './api-routes.ts';
import { type Auth, languageOf } from './auth.ts';

const Proof = z.union([
  z.strictObject({ password: z.string().max(200) }),
  z.strictObject({ code: z.string().max(40) }),
]);

/** Wrong tries that one address has in ten minutes. */
const TRIES = 10;
const WINDOW_MS = 600_000;

export interface SignInTools {
  auth: Auth;
  people: People;
  clock: Clock;
  /** The first administrator, whose password is in the settings. */
  administrator(): Promise<Person>;
}

/** Signing in: by the administrator's password, or by a one-time code. */
export function signInRoutes({ auth, people, clock, administrator }: SignInTools) {
  const wrong = new Map<string, number[]>();

  function tooMany(ip: string): boolean {
    const since = clock.now().getTime() - WINDOW_MS;
    const tries = (wrong.get(ip) ?? []).filter((at) => at > since);
    wrong.set(ip, tries);
    return tries.length >= TRIES;
  }

  async function check(proof: z.output<typeof Proof>): Promise<Person | null> {
    if ('code' in proof) return people.redeem(proof.code, 'sign-in');
    return auth.passwordOk(proof.password) ? administrator() : null;
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.post('/api/console/sign-in', async (request, reply) => {
      const lang = languageOf(request);
      if (!auth.fromOwnPage(request)) return refused(reply);
      if (tooMany(request.ip)) {
        return problem(
          reply,
          429,
          pick(lang, '试得太多了，十分钟后再来。', 'Too many tries; come back in ten minutes.'),
        );
      }
      const proof = Proof.safeParse(request.body);
      const person = proof.success ? await check(proof.data) : null;
      if (!person) {
        wrong.get(request.ip)?.push(clock.now().getTime());
        return problem(
          reply,
          401,
          pick(
            lang,
            '密码或登录码不对，或登录码已用过、已过期。',
            'Wrong password or code, or the code was used or is too old.',
          ),
        );
      }
      await auth.signIn(reply, request, person);
      return reply.code(204).send();
    });
  };
}
