import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { RunTag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { took, useWhen } from '../when.ts';
import type { JobJson } from '../wire.ts';

/** What runs by itself: when, how the last run went, and when the next one is. */
export function JobsPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const { run } = useNotices();
  const asked = useCommand<{ jobs: JobJson[] }>('jobs.list', {}, ['jobs']);
  return (
    <Page title={say('任务', 'Jobs')}>
      <p class="lead">{asked.answer?.title ?? ' '}</p>
      <WhenThere asked={asked}>
        {({ jobs }) => (
          <table class="rows jobs">
            <thead>
              <tr>
                <th>{say('任务', 'Job')}</th>
                <th>{say('时间', 'Schedule')}</th>
                <th>{say('上次', 'Last run')}</th>
                <th>{say('下次', 'Next')}</th>
                <th>
                  <span class="only-heard">{say('操作', 'Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <tr key={job.name}>
                  <td class="what">
                    <Link to={addressOf(['jobs', job.name])}>{job.name}</Link>
                    <span class="soft">{job.summary}</span>
                  </td>
                  <td>{job.schedule}</td>
                  <td class="state" data-label={say('上次', 'Last run')}>
                    {job.last ? (
                      <>
                        <RunTag state={job.last.state} />{' '}
                        <span class="soft when">{`${when(job.last.startedAt)} · ${took(job.last.startedAt, job.last.finishedAt)}`}</span>
                        {job.last.error && <span class="bad-text reason">{job.last.error}</span>}
                      </>
                    ) : (
                      '—'
                    )}
                  </td>
                  <td class="when" data-label={say('下次', 'Next')}>
                    {when(job.next)}
                  </td>
                  <td class="act">
                    <Confirm
                      words={say('现在运行', 'Run now')}
                      disabled={job.last?.state === 'running'}
                      onDo={() => run(() => ask('jobs.run', { job: job.name })).then(asked.reload)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </WhenThere>
    </Page>
  );
}
