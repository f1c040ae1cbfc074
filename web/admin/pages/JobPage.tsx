import { useState } from 'preact/hooks';
import type { PictureJson } from '../../api.ts';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Pictures } from '../../shared/Pictures.tsx';
import { ask } from '../command.ts';
import { Field } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
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
      <p class="lead">{job ? `${job.summary} · ${job.schedule} · ${say('下次', 'next')} ${when(job.next)}` : ' '}</p>
      {job && <RunForm job={job} onBegun={asked.reload} />}
      <WhenThere asked={asked} empty={({ runs }) => runs.length === 0 && say('还没有运行过。', 'It has not run yet.')}>
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
                    <td class="number">{took(run.startedAt, run.finishedAt)}</td>
                    <td class="soft">
                      {run.counts
                        ? Object.entries(run.counts)
                            .map(([what, count]) => `${what} ${count}`)
                            .join(' · ')
                        : '—'}
                    </td>
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

/** Runs it by hand, with its arguments, and where wanted with the clock somewhere else. */
function RunForm({ job, onBegun }: { job: JobJson; onBegun: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [values, setValues] = useState<Record<string, string>>({});
  const [at, setAt] = useState('');
  const [busy, setBusy] = useState(false);
  const fields = Object.entries(job.args.properties ?? {});
  const begin = async () => {
    const args = Object.fromEntries(
      fields
        .filter(([name]) => values[name]?.trim())
        .map(([name, field]) => [name, typed(values[name] ?? '', field.type)]),
    );
    setBusy(true);
    await run(() => ask('jobs.run', { job: job.name, args, ...(at && { at: new Date(at).toISOString() }) }));
    setBusy(false);
    await onBegun();
  };
  return (
    <details class="card run-form">
      <summary>{say('现在运行', 'Run now')}</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void begin();
        }}
      >
        {fields.map(([name, field]) =>
          field.type === 'boolean' ? (
            <label class="check" key={name}>
              <input
                type="checkbox"
                checked={values[name] === 'true'}
                onChange={(event) => setValues((now) => ({ ...now, [name]: String(event.currentTarget.checked) }))}
              />
              <span>{`${name} — ${field.description ?? ''}`}</span>
            </label>
          ) : (
            <Field
              key={name}
              label={name}
              value={values[name] ?? ''}
              onInput={(value) => setValues((now) => ({ ...now, [name]: value }))}
              hint={field.description}
            />
          ),
        )}
        <Field
          label={say('当作是什么时刻（可空）', 'As if it were (may be empty)')}
          value={at}
          placeholder="2026-11-20T09:00"
          onInput={setAt}
        />
        <div class="form-foot">
          <Button kind="main" type="submit" busy={busy}>
            {say('运行', 'Run')}
          </Button>
        </div>
      </form>
    </details>
  );
}

/** A field's text as its type. */
function typed(text: string, type: string | undefined): string | number | boolean {
  if (type === 'boolean') return text === 'true';
  return type === 'number' || type === 'integer' ? Number(text) : text.trim();
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
