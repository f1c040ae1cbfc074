import { z } from 'zod';
import { command } from '../../core/command.ts';
import { asData, type Lang, type MessageDraft, pick } from '../../core/message.ts';
import type { JobRunState, JobState } from '../../core/operator.ts';
import { localMinute } from '../../core/time.ts';
import { operatorOf, runCommands } from './run-commands.ts';
import { scheduleWords } from './schedule-words.ts';
import { runLog } from './store.ts';

const PAGE = 50;

function runValue(run: JobRunState) {
  return {
    id: run.id,
    name: run.name,
    trigger: run.trigger,
    state: run.state,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    counts: run.counts,
    error: run.error,
  };
}

function jobValue(job: JobState, lang: Lang) {
  return {
    name: job.name,
    summary: job.summary[lang],
    cron: job.cron,
    schedule: scheduleWords(job.cron, lang),
    missed: job.missed,
    next: job.next?.toISOString() ?? null,
    last: job.last && runValue(job.last),
    args: job.args,
  };
}

const list = command({
  name: 'jobs.list',
  summary: { zh: '任务：何时运行，上次怎样', en: 'Jobs: when they run, how the last run went' },
  aliases: [{ words: '任务列表' }, { words: 'jobs' }],
  args: z.strictObject({}),
  examples: { zh: ['任务列表'], en: ['jobs'] },
  role: 'admin',
  audience: 'asker',
  async run(ask) {
    const { lang, context } = ask;
    const jobs = await operatorOf(ask).jobs();
    const at = (instant: Date | null | undefined) => (instant ? localMinute(instant, context.clock.zone) : '—');
    const failed = jobs.filter((job) => job.last?.state === 'failed');
    return {
      title:
        failed.length > 0
          ? pick(lang, `${failed.length} 个任务上次失败`, `${failed.length} jobs failed last time`)
          : pick(lang, `${jobs.length} 个任务，都正常`, `${jobs.length} jobs, all well`),
      tone: failed.length > 0 ? 'warn' : 'info',
      blocks: [
        {
          type: 'table',
          columns: [
            { label: pick(lang, '任务', 'Job') },
            { label: pick(lang, '时间', 'When') },
            { label: pick(lang, '上次', 'Last') },
            { label: pick(lang, '结果', 'Result') },
            { label: pick(lang, '下次', 'Next') },
          ],
          rows: jobs.map((job) => [
            job.name,
            scheduleWords(job.cron, lang),
            at(job.last?.startedAt),
            job.last?.state ?? '—',
            at(job.next),
          ]),
        },
      ],
      data: asData({ jobs: jobs.map((job) => jobValue(job, lang)) }),
    };
  },
});

const runs = command({
  name: 'jobs.runs',
  summary: { zh: '一个任务的运行记录和用时', en: 'The runs of a job, and how long they took' },
  aliases: [{ words: '任务记录' }, { words: 'job runs' }],
  args: z.strictObject({
    job: z.string().max(100).optional().describe('Which job; default: all'),
    before: z.int().positive().optional().describe('Older than this number, to turn the page'),
  }),
  examples: { zh: ['任务记录'], en: ['job runs'] },
  role: 'admin',
  audience: 'asker',
  async run(ask, { job, before }) {
    const { lang, context } = ask;
    const found = await operatorOf(ask).runs({ job, before, limit: PAGE + 1 });
    const page = found.slice(0, PAGE);
    const seconds = (run: JobRunState) =>
      run.finishedAt ? Math.round((run.finishedAt.getTime() - run.startedAt.getTime()) / 10) / 100 : null;
    return {
      title: job ? pick(lang, `${job} 的运行记录`, `Runs of ${job}`) : pick(lang, '运行记录', 'Runs'),
      blocks: [
        ...(job ? durations(page, context.clock.zone, lang) : []),
        {
          type: 'table',
          columns: [
            { label: pick(lang, '开始', 'Began') },
            { label: pick(lang, '任务', 'Job') },
            { label: pick(lang, '结果', 'Result') },
            { label: pick(lang, '用时（秒）', 'Seconds'), align: 'right' },
          ],
          rows: page
            .slice(0, 20)
            .map((run) => [
              localMinute(run.startedAt, context.clock.zone),
              run.name,
              run.state,
              seconds(run)?.toFixed(2) ?? '—',
            ]),
        },
      ],
      data: { runs: page.map(runValue), next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null },
    };
  },
});

/** How long the last runs took, as a chart; nothing where there are too few to compare. */
function durations(page: readonly JobRunState[], zone: string, lang: Lang): NonNullable<MessageDraft['blocks']> {
  const over = page
    .filter((run) => run.finishedAt && run.state !== 'skipped')
    .slice(0, 24)
    .reverse();
  if (over.length < 2) return [];
  const took = over.map((run) => ((run.finishedAt?.getTime() ?? 0) - run.startedAt.getTime()) / 1000);
  const title = pick(
    lang,
    `最近 ${over.length} 次用时，最长 ${Math.max(...took).toFixed(1)} 秒`,
    `The last ${over.length} runs, at most ${Math.max(...took).toFixed(1)} s`,
  );
  const failed = took.map((value, at) => (over[at]?.state === 'done' ? null : value));
  return [
    {
      type: 'chart',
      alt: title,
      chart: {
        title,
        labels: over.map((run) => localMinute(run.startedAt, zone).slice(5)),
        unit: pick(lang, '秒', 's'),
        series: [
          {
            name: pick(lang, '用时', 'seconds'),
            kind: 'bar',
            role: 'subject',
            values: took.map((value, at) => (failed[at] === null ? value : null)),
          },
          ...(failed.some((value) => value !== null)
            ? [{ name: pick(lang, '失败', 'failed'), kind: 'bar' as const, role: 'bad' as const, values: failed }]
            : []),
        ],
      },
    },
  ];
}

const log = command({
  name: 'jobs.log',
  summary: { zh: '一次运行的日志', en: 'What a run has logged' },
  aliases: [],
  args: z.strictObject({ run: z.int().positive().describe('Its number') }),
  examples: { zh: [], en: [] },
  role: 'admin',
  audience: 'asker',
  async run({ lang, context }, { run }) {
    const lines = await runLog(context.db, run);
    return {
      title: pick(lang, `第 ${run} 次运行的日志`, `Log of run ${run}`),
      blocks: [
        {
          type: 'text',
          text: lines.map((line) => `${line.level} ${line.text}`).join('\n') || pick(lang, '没有日志', 'No lines'),
        },
      ],
      data: { lines: lines.map(({ at, level, text }) => ({ at: at.toISOString(), level, text })) },
    };
  },
});

export const jobCommands = [list, runs, log, ...runCommands];
