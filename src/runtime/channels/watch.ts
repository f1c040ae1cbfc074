import type { Logger } from 'pino';
import type { Database } from '../../store/db.ts';
import { templatesStamp } from '../templates/store.ts';
import { channelsStamp } from './store.ts';

/** How soon an edit that another process has made holds here, in milliseconds. */
const LOOK_MS = 2000;

/** Notices that channels or templates were edited, here or by another process. */
export function watchEdits({ db, log }: { db: Database; log: Logger }, reload: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  let known: string | undefined;

  const stampOf = async () => `${await channelsStamp(db)} ${await templatesStamp(db)}`;

  async function look(): Promise<void> {
    const stamp = await stampOf();
    if (known !== undefined && stamp !== known) await reload();
    known = stamp;
  }

  return {
    /** They were edited here. */
    async changed(): Promise<void> {
      await reload();
      known = await stampOf();
    },
    start(): void {
      timer = setInterval(
        () => look().catch((error: unknown) => log.warn({ err: error }, 'what was edited could not be read')),
        LOOK_MS,
      );
    },
    stop: () => clearInterval(timer),
  };
}
