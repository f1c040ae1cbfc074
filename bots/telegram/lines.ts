import type { Logger } from 'pino';
import { messageOf } from '../../src/core/errors.ts';

/** One line per chat: what happens in one chat is handled in order, different chats at the same time. */
export interface Lines {
  /** Resolves when the work was done or given up. */
  run(line: string, work: () => Promise<void>): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

const ATTEMPTS = 3;

/** @param pauseMs before the second attempt; longer before the third */
export function createLines(log: Logger, pauseMs = 500): Lines {
  const last = new Map<string, Promise<void>>();

  async function persist(work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        log.error({ platform: 'telegram', attempt, why: messageOf(error) }, 'an update could not be handled');
        if (attempt === ATTEMPTS) return;
        await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
      }
    }
  }

  return {
    run(line, work) {
      const done = (last.get(line) ?? Promise.resolve()).then(() => persist(work));
      last.set(line, done);
      return done.then(() => {
        if (last.get(line) === done) last.delete(line);
      });
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
