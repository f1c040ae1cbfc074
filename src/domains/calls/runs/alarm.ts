import type { Context } from '../../../core/context.ts';
import { textMessage } from '../../../core/message.ts';
import { readSetting, writeSetting } from '../../../store/settings.ts';
import type { Track } from '../sync/standing.ts';

const NAMES: Record<Track, string> = { tasks: '任务统计', records: '话单' };

/** The alert that stands open for a track: its key, or ''. */
const settingOf = (track: Track) => `calls.trouble.${track}`;

/** Tells the administrators that a track could not be brought up to date, once until it is well again. */
export async function openTrouble(
  { db, clock, alerts }: Context,
  { track, window }: { track: Track; window: string },
  error: string,
): Promise<void> {
  if (await readSetting(db, settingOf(track))) return;
  const key = `calls/sync/${track}/${clock.now().toISOString()}`;
  const said = error.split('\n').slice(0, 5).join('\n').slice(0, 600);
  await db.$transaction(async (tx) => {
    await writeSetting(tx, settingOf(track), key);
    await alerts.open(
      [
        {
          key,
          kind: 'calls.sync',
          subject: `calls:${NAMES[track]}`,
          message: {
            title: `外呼同步失败：${NAMES[track]}（${window}）`,
            tone: 'bad',
            blocks: [{ type: 'text', text: `${said}\n已有数据保持不变；下一次会自动重试。` }],
          },
          steps: [{ after: 0, to: ['channel:admins'] }],
        },
      ],
      tx,
    );
  });
}

/** It is well again: whoever was told hears of it. */
export async function closeTrouble({ db, alerts }: Context, track: Track): Promise<void> {
  const key = await readSetting(db, settingOf(track));
  if (!key) return;
  await db.$transaction(async (tx) => {
    await writeSetting(tx, settingOf(track), '');
    await alerts.close(key, textMessage(`外呼同步恢复：${NAMES[track]}`), tx);
  });
}
