import type { Saved } from '../../core/source.ts';
import type { Database } from '../../store/db.ts';
import { saveRows } from '../../store/save-rows.ts';
import type { PictureRow } from './rows.ts';

/** Keeps where pictures are; a picture is known by its id. */
export function savePictures(db: Database, rows: readonly PictureRow[], sample: boolean): Promise<Saved> {
  const pictures = rows.map((row) => ({ ...row, sample }));
  return saveRows(db, 'PodPicture', ['id'], pictures);
}
