import type { Clock } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';

/** What was uploaded to a platform as what, so that the same picture, sent again after a restart, is the same message. */
export function openUploads(db: Database, clock: Clock) {
  const name = (id: string) => `upload/${id}`;
  return {
    async find(id: string): Promise<string | undefined> {
      const known = await readSetting(db, name(id));
      if (!known) return undefined;
      const { mediaId, until } = JSON.parse(known) as { mediaId: string; until: string };
      return new Date(until) > clock.now() ? mediaId : undefined;
    },
    async keep(id: string, mediaId: string, until: Date): Promise<void> {
      await writeSetting(db, name(id), JSON.stringify({ mediaId, until: until.toISOString() }));
    },
  };
}
