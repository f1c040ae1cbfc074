import { setTimeout as sleep } from 'node:timers/promises';
import { Refused } from './telegram-refused.ts';

export interface EmulatedUpdate {
  update_id: number;
  [kind: string]: unknown;
}

/** What waits for the bot: handed out by `getUpdates`, or posted to its webhook, until the bot says that it has it. */
export interface Inbox {
  add(kind: string, value: object): EmulatedUpdate;
  /** An update once more, as Telegram does after an answer that it did not get. */
  again(update: EmulatedUpdate): void;
  /** @param gone resolves when the asker hung up */
  take(values: Record<string, unknown>, gone: Promise<void>): Promise<EmulatedUpdate[]>;
  setWebhook(hook: { url: string; secret: string } | undefined): void;
  waiting(): number;
  close(): void;
}

const RETRY_MS = 50;

export function createInbox(): Inbox {
  let updates: EmulatedUpdate[] = [];
  let last = 700_000_000;
  let poller: ((end: 'conflict' | 'news' | 'closed') => void) | undefined;
  let hook: { url: string; secret: string } | undefined;
  let posting = false;
  let closed = false;

  async function post(): Promise<void> {
    if (posting) return;
    posting = true;
    for (let wait = RETRY_MS; hook && updates[0] && !closed; ) {
      const [update] = updates;
      const taken = await fetch(hook.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': hook.secret },
        body: JSON.stringify(update),
      }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (taken) updates = updates.filter((one) => one !== update);
      else await sleep(wait, undefined, { ref: false });
      wait = taken ? RETRY_MS : Math.min(wait * 2, 1000);
    }
    posting = false;
  }

  function announce(): void {
    poller?.('news');
    void post();
  }

  return {
    add(kind, value) {
      const update = { update_id: ++last, [kind]: value };
      updates.push(update);
      announce();
      return update;
    },
    again(update) {
      updates = [...updates.filter((one) => one !== update), update].sort((a, b) => a.update_id - b.update_id);
      announce();
    },
    async take(values, gone) {
      if (hook) {
        throw new Refused(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        );
      }
      poller?.('conflict');
      const offset = Number(values['offset'] ?? 0);
      updates = updates.filter(({ update_id }) => update_id >= offset);
      const seconds = Number(values['timeout'] ?? 0);
      if (updates.length === 0 && seconds > 0) {
        const end = await new Promise<string>((resolve) => {
          const mine = resolve;
          poller = mine;
          const timer = setTimeout(() => mine('timeout'), seconds * 1000);
          timer.unref();
          void gone.then(() => mine('gone'));
        });
        if (end !== 'conflict') poller = undefined;
        if (end === 'conflict') {
          throw new Refused(
            409,
            'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
          );
        }
      }
      return updates.slice(0, Math.min(100, Number(values['limit'] ?? 100)));
    },
    setWebhook(wanted) {
      hook = wanted;
      if (hook) poller?.('conflict');
      void post();
    },
    waiting: () => updates.length,
    close() {
      closed = true;
      poller?.('closed');
    },
  };
}
