import type { Logger } from 'pino';
import type { Rules } from '../../core/context.ts';
import { messageOf } from '../../core/errors.ts';
import type { CardAnswer, Metabase } from '../../core/metabase.ts';
import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { Patience } from '../patience.ts';
import { readCard } from './card.ts';
import { cardsOf } from './rules.ts';
import { openSession } from './session.ts';
import { askByKey, askBySession } from './sign-in.ts';
import { openWire } from './wire.ts';

const HEALTH = 'metabase.health';

/** Where a Metabase is, and how to sign in: by name and password, or by key. */
export interface MetabaseAccount {
  /** Without a slash at its end. */
  url: string;
  signIn: { username: string; password: string } | { apiKey: string };
}

/** Opens a Metabase; nothing is asked before somebody does. */
export function openMetabase(
  { url, signIn }: MetabaseAccount,
  tools: { clock: Clock; log: Logger; db: Database; rules: Pick<Rules, 'documents'> },
  options: { timeoutMs?: number; patience?: Patience } = {},
): Metabase {
  const { db, clock, rules } = tools;
  const log = tools.log.child({ part: 'metabase' });
  const wire = openWire(url, options.timeoutMs);
  const ask =
    'apiKey' in signIn ? askByKey(wire, signIn.apiKey) : askBySession(wire, openSession(signIn, { wire, db, clock }));

  return {
    async answers(feed, wish) {
      const cards = cardsOf(await rules.documents('metabase'), feed);
      const answers: CardAnswer[] = [];
      try {
        for (const card of cards) {
          const began = clock.now().getTime();
          const answer = await readCard(ask, card, wish, options.patience);
          log.info({ feed, card: card.card, rows: answer.rows.length, ms: clock.now().getTime() - began }, 'card read');
          answers.push(answer);
        }
      } catch (error) {
        wish.signal.throwIfAborted();
        await writeSetting(db, HEALTH, `failed at ${clock.now().toISOString()}: ${messageOf(error)}`);
        throw error;
      }
      if ((await readSetting(db, HEALTH)) !== 'ok') await writeSetting(db, HEALTH, 'ok');
      return answers;
    },
    async health() {
      return (await readSetting(db, HEALTH)) ?? 'ok';
    },
  };
}
