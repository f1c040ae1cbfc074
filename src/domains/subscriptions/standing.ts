import type { Context, Questions, Understood } from '../../core/context.ts';
import { AskerError, SetupError } from '../../core/errors.ts';
import { pick } from '../../core/message.ts';
import { atLeast } from '../../core/people.ts';
import { isForRoom, type Subscription } from './model.ts';
import { ownerOf } from './store.ts';

/** Whether a subscription may run: what it asks and for whom, or why it rests; `gone`: its owner left. */
export type Standing = { understood: Understood; ownerId: string } | { rests: string; gone: boolean };

/** How a subscription stands at an instant, by its owner's role as it is now. */
export async function standingOf(context: Context, subscription: Subscription, at: Date): Promise<Standing> {
  const { line, lang, ownerId } = subscription;
  const owner = ownerId === null ? null : await ownerOf(context.db, ownerId);
  if (!owner || ownerId === null) {
    return { gone: true, rests: pick(lang, '订阅它的人已不在。', 'Who subscribed is not here any more.') };
  }
  const rests = (why: string): Standing => ({ gone: false, rests: why });
  try {
    const understood = questionsOf(context).understand(line, lang, at);
    if (isForRoom(subscription) && understood.private) return rests(personal(lang));
    if (!atLeast(owner.role, understood.role) || (isForRoom(subscription) && !atLeast(owner.role, 'lead'))) {
      return rests(pick(lang, '你现在的权限不够。', 'Your role does not allow it any more.'));
    }
    return { understood, ownerId };
  } catch (error) {
    if (error instanceof AskerError) return rests(error.message);
    throw error;
  }
}

export function personal(lang: Subscription['lang']): string {
  return pick(
    lang,
    '这是个人数据，只能订阅给你自己。',
    'This is personal: it can be subscribed to for yourself alone.',
  );
}

export function questionsOf({ questions }: Context): Questions {
  if (!questions) throw new SetupError('nobody can be asked here: the context was opened without questions');
  return questions;
}
