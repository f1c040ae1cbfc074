import type { Context } from '../../core/context.ts';
import type { Job } from '../../core/job.ts';
import { pick, type Worded } from '../../core/message.ts';
import { localMinute, today } from '../../core/time.ts';
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { Run } from './run.ts';

/** The day on which the administrators were told that a job fails, or ''. */
const settingOf = (name: string) => `jobs.trouble.${name}`;

/** Tells the administrators that a job failed, once a day, and that it is well again. */
export interface JobAlarm {
  /** @param told whoever threw the error has told them already */
  ended(job: Pick<Job, 'name' | 'summary'>, run: Run, told: boolean): Promise<void>;
}

export function createJobAlarm({ db, clock, outbox }: Pick<Context, 'db' | 'clock' | 'outbox'>): JobAlarm {
  return {
    async ended({ name, summary }, run, told) {
      const tell = (key: string, message: Worded) =>
        outbox.post({ key, to: 'channel:admins', class: 'notice', message });
      if (run.state === 'failed' && !told) {
        const day = today(clock);
        const posted = await tell(`jobs/${name}/failed/${day}`, (lang) => ({
          title: pick(lang, `任务失败：${name}`, `Job failed: ${name}`),
          tone: 'bad',
          lang,
          blocks: [
            {
              type: 'fields',
              fields: [
                { label: pick(lang, '任务', 'Job'), value: pick(lang, summary.zh, summary.en) },
                { label: pick(lang, '开始', 'Began'), value: localMinute(run.startedAt, clock.zone) },
                { label: pick(lang, '原因', 'Reason'), value: run.error ?? '-' },
                {
                  label: pick(lang, '处理', 'What to do'),
                  value: pick(
                    lang,
                    `下次到点会自动再试；查看记录 fieldbell jobs runs ${name}，或在管理页的“任务”里立即运行。今天不再重复提醒`,
                    `It is tried again when it is due; see fieldbell jobs runs ${name}, or run it now on the admin page. Not said again today`,
                  ),
                },
              ],
            },
          ],
        }));
        if (posted === 'queued') await writeSetting(db, settingOf(name), day);
      }
      if (run.state === 'done' && (await readSetting(db, settingOf(name)))) {
        await writeSetting(db, settingOf(name), '');
        await tell(`jobs/${name}/well/${run.id}`, (lang) => ({
          title: pick(lang, `任务恢复正常：${name}`, `Job is well again: ${name}`),
          tone: 'good',
          lang,
          blocks: [{ type: 'text', text: pick(lang, summary.zh, summary.en) }],
        }));
      }
    },
  };
}
