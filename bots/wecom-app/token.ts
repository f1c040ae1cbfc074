import { DeliveryError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/core/time.ts';
import { type Answer, BLOCKED_MS, callWecom, type Fail, happy, unseen } from '../../src/core/wecom/call.ts';

export interface TokenOptions {
  corpId: string;
  secret: string;
  /** Base of all `/cgi-bin/…` calls. */
  base: string;
  clock: Pick<Clock, 'now'>;
  timeoutMs?: number | undefined;
  fetch?: typeof fetch | undefined;
}

/** The access token of an app: one for all callers. */
export interface Token {
  /**
   * The token that is good now; fetched once, however many ask.
   * @throws DeliveryError: nothing was sent
   */
  get(): Promise<string>;
  /** WeCom did not take this token; does nothing where a newer one is there. */
  drop(token: string): void;
  /** Why there is no token; undefined while there is one, or nobody has asked. */
  problem(): string | undefined;
}

/** A token is fetched anew so long before it ends, or a tenth of its life where that is less. */
const EARLY_MS = 5 * 60_000;
const DEFAULT_LIFE_S = 7200;

const MEANINGS = {
  remedies: {
    40001: 'the secret is wrong: set WECOM_APP_SECRET to the one of the app',
    40013: 'the corp is unknown: set WECOM_CORP_ID',
    42005: 'the secret is wrong: set WECOM_APP_SECRET to the one of the app',
    60020:
      'the address of this machine is not trusted: add it to the trusted IPs (企业可信IP) of the app in the WeCom admin console',
  },
  gone: new Set<number>(),
};

/**
 * Keeps the token until shortly before it ends. WeCom blocks who asks for tokens too often: after a block nobody asks
 * until it is over.
 */
export function createToken({ corpId, secret, base, clock, timeoutMs, fetch }: TokenOptions): Token {
  let held: { token: string; until: number } | undefined;
  let fetching: Promise<string> | undefined;
  let blockedUntil = 0;
  let problem: string | undefined;

  // The secret stands in the address of the call, and some errors name addresses.
  const fail: Fail = (kind, reason, retryAfterMs) =>
    new DeliveryError(kind, `wecom-app: no access token: ${reason.replaceAll(secret, '…')}`, retryAfterMs);

  async function ask(): Promise<string> {
    const now = clock.now().getTime();
    if (now < blockedUntil) throw fail('wait', 'WeCom blocks asking for tokens for a while', blockedUntil - now);
    const query = new URLSearchParams({ corpid: corpId, corpsecret: secret });
    const call = { url: `${base}/cgi-bin/gettoken?${query}`, init: {}, fail, timeoutMs, fetch };
    const answer: Answer = happy(await unseen(() => callWecom(call)), fail, MEANINGS);
    const { access_token: token, expires_in: life } = answer;
    if (typeof token !== 'string' || token === '') throw fail('retry', 'the answer holds none');
    const lifeMs = (typeof life === 'number' && life > 0 ? life : DEFAULT_LIFE_S) * 1000;
    held = { token, until: now + lifeMs - Math.min(EARLY_MS, lifeMs / 10) };
    return token;
  }

  async function refresh(): Promise<string> {
    try {
      const token = await ask();
      problem = undefined;
      return token;
    } catch (error) {
      if (error instanceof DeliveryError) {
        problem = error.message;
        const blocked = error.kind === 'wait' && clock.now().getTime() >= blockedUntil;
        if (blocked) blockedUntil = clock.now().getTime() + (error.retryAfterMs ?? BLOCKED_MS);
      }
      throw error;
    } finally {
      fetching = undefined;
    }
  }

  return {
    async get() {
      if (held && clock.now().getTime() < held.until) return held.token;
      fetching ??= refresh();
      return fetching;
    },
    drop(token) {
      if (held?.token === token) held = undefined;
    },
    problem: () => problem,
  };
}
