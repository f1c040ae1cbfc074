import { useState } from 'preact/hooks';
import type { PictureJson } from '../../api.ts';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Pictures } from '../../shared/Pictures.tsx';
import { countWords } from '../countWords.ts';
import { Page, WhenThere } from '../parts/Page.tsx';
import { RunForm } from '../parts/RunForm.tsx';
import { RunTag } from '../parts/State.tsx';
import { addressOf } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { took, useWhen } from '../when.ts';
import type { JobJson, MessageJson, RunJson } from '../wire.ts';

const TRIGGERS: Record<string, { zh: string; en: string }> = {
  schedule: { zh: '定时', en: 'schedule' },
  missed: { zh: '补跑', en: 'missed' },
  hand: { zh: '手动', en: 'by hand' },
};

/** What stands below the job itself comes with it, or after it: nothing moves. */
const NOT_YET = { answer: null, failed: null, reload: async () => {} };

/** One job: how long it took, its runs with counts, and what each has logged. */
export function JobPage({ name }: { name: string }) {
  const { say } = useLanguage();
  const when = useWhen();
  const [before, setBefore] = useState<number | null>(null);
  const [log, setLog] = useState<number | null>(null);
  const jobs = useCommand<{ jobs: JobJson[] }>('jobs.list', {}, ['jobs']);
  const asked = useCommand<{ runs: RunJson[]; next: number | null }>(
    'jobs.runs',
    { job: name, ...(before && { before }) },
    ['jobs'],
  );
  const job = jobs.answer?.data.jobs.find((one) => one.name === name);
  return (
    <Page title={name} back={{ words: say('任务', 'Jobs'), to: addressOf(['jobs']) }}>
      <WhenThere asked={jobs} empty={() => !job && say('没有这个任务。', 'There is no such job.')}>
        {() =>
          job && (
            <>
              <p class="lead">{`${job.summary} · ${job.schedule} · ${say('下次', 'next')} ${when(job.next)}`}</p>
              <RunForm job={job} onBegun={asked.reload} />
            </>
          )
        }
      </WhenThere>
      <WhenThere
        asked={jobs.answer ? asked : NOT_YET}
        empty={({ runs }) => runs.length === 0 && say('还没有运行过。', 'It has not run yet.')}
      >
        {({ runs, next }) => (
          <>
            {asked.answer && <Durations message={asked.answer} />}
            <table class="rows runs">
              <thead>
                <tr>
                  <th>{say('开始', 'Began')}</th>
                  <th>{say('结果', 'Result')}</th>
                  <th>{say('由', 'By')}</th>
                  <th class="number">{say('用时', 'Took')}</th>
                  <th>{say('计数', 'Counts')}</th>
                  <th>
                    <span class="only-heard">{say('日志', 'Log')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {runs.map((run) => (
                  <tr key={run.id}>
                    <td class="when">{when(run.startedAt)}</td>
                    <td class="state">
                      <RunTag state={run.state} />
                      {run.error && <span class="bad-text reason">{run.error}</span>}
                    </td>
                    <td>{say(TRIGGERS[run.trigger]?.zh ?? run.trigger, TRIGGERS[run.trigger]?.en ?? run.trigger)}</td>
                    <td class="number" data-label={say('用时', 'Took')}>
                      {took(run.startedAt, run.finishedAt)}
                    </td>
                    <td class="soft">{countWords(run.counts, say)}</td>
                    <td class="act">
                      <Button
                        kind="quiet"
                        label={say(`第 ${run.id} 次的日志`, `Log of run ${run.id}`)}
                        onPress={() => setLog(run.id)}
                      >
                        {say('日志', 'Log')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div class="pager">
              {before !== null && <Button onPress={() => setBefore(null)}>{say('最新的', 'Newest')}</Button>}
              {next !== null && <Button onPress={() => setBefore(next)}>{say('较早的', 'Older')}</Button>}
            </div>
          </>
        )}
      </WhenThere>
      {log !== null && <RunLog run={log} onClose={() => setLog(null)} />}
    </Page>
  );
}

function Durations({ message }: { message: MessageJson }) {
  const pictures = message.blocks.flatMap((block): PictureJson[] =>
    block.type === 'chart' && block.url ? [{ url: block.url, alt: block.alt, width: 1200, height: 675 }] : [],
  );
  if (pictures.length === 0) return null;
  return (
    <div class="chart">
      <Pictures pictures={pictures} />
    </div>
  );
}

function RunLog({ run, onClose }: { run: number; onClose: () => void }) {
  const { say } = useLanguage();
  const when = useWhen();
  const asked = useCommand<{ lines: { at: string; level: string; text: string }[] }>('jobs.log', { run }, ['jobs']);
  return (
    <Dialog label={say(`第 ${run} 次运行的日志`, `Log of run ${run}`)} onClose={onClose}>
      <header class="dialog-head">
        <h2>{say(`第 ${run} 次运行的日志`, `Log of run ${run}`)}</h2>
        <Button kind="quiet" onPress={onClose}>
          {say('关闭', 'Close')}
        </Button>
      </header>
      <WhenThere
        asked={asked}
        empty={({ lines }) => lines.length === 0 && say('这次没有写日志。', 'It logged nothing.')}
      >
        {({ lines }) => (
          <ol class="log">
            {lines.map((line, at) => (
              <li key={at} class={`log-${line.level}`}>
                <span class="soft">{when(line.at)}</span> {line.text}
              </li>
            ))}
          </ol>
        )}
      </WhenThere>
    </Dialog>
  );
}
