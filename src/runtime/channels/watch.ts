import type { Logger } from 'pino';
import type { Database } from '../../store/db.ts';
import { channelsStamp } from './store.ts';

/** How soon an edit that another process has made holds here, in milliseconds. */
const LOOK_MS = 2000;

/** Notices that channels were edited, here or by another process. */
export function watchChannels({ db, log }: { db: Database; log: Logger }, reload: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  let known: string | undefined;

  async function look(): Promise<void> {
    const stamp = await channelsStamp(db);
    if (known !== undefined && stamp !== known) await reload();
    known = stamp;
  }

  return {
    /** They were edited here. */
    async changed(): Promise<void> {
      await reload();
      known = await channelsStamp(db);
    },
    start(): void {
      timer = setInterval(
        () => look().catch((error: unknown) => log.warn({ err: error }, 'edited channels could not be read')),
        LOOK_MS,
      );
    },
    stop: () => clearInterval(timer),
  };
}
