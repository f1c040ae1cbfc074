import type { Ask, Command } from '../../core/command.ts';
import type { MessageDraft } from '../../core/message.ts';
import { today } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';

const going = new WeakMap<Database, Map<string, Promise<MessageDraft>>>();

/**
 * The command, worked out once for all who ask the same at the same time: a group that has just been told something asks
 * for it all at once. Nothing is kept beyond that. Only for answers that depend on nothing of the asker but language and role.
 */
export function together(command: Command): Command {
  return {
    ...command,
    run(ask: Ask, args) {
      const { db, clock } = ask.context;
      const asked = going.get(db) ?? new Map<string, Promise<MessageDraft>>();
      going.set(db, asked);
      const key = JSON.stringify([command.name, args, ask.lang, ask.asker.role, today(clock)]);
      const answer = asked.get(key) ?? command.run(ask, args).finally(() => asked.delete(key));
      asked.set(key, answer);
      return answer;
    },
  };
}
