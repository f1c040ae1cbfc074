import { useLanguage } from '../../shared/language.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { type Asked, useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { ChannelJson, JobJson, OutboxFigures, PlatformJson } from '../wire.ts';

/** Today at a glance: what needs a hand, how the outbox stands, and the pictures of the day. It stays up to date. */
export function TodayPage() {
  const { say } = useLanguage();
  const outbox = useCommand<OutboxFigures>('outbox.stats', {}, ['outbox']);
  const jobs = useCommand<{ jobs: JobJson[] }>('jobs.list', {}, ['jobs']);
  const channels = useCommand<Channels>('channels.list', {}, ['channels']);
  // Shown when all is there, and the pictures under it: nothing moves.
  const missing = [outbox, jobs, channels].find(({ answer }) => answer === null) as Asked<unknown> | undefined;
  return (
    <Page title={say('今日', 'Today')}>
      <WhenThere asked={missing ?? (outbox as Asked<unknown>)}>
        {() =>
          outbox.answer &&
          jobs.answer &&
          channels.answer && (
            <>
              <Needs outbox={outbox.answer.data} jobs={jobs.answer.data.jobs} channels={channels.answer.data} />
              <Figures data={outbox.answer.data} jobs={jobs.answer.data.jobs} />
              <Pictures />
            </>
          )
        }
      </WhenThere>
    </Page>
  );
}

function Figures({ data, jobs }: { data: OutboxFigures; jobs: JobJson[] }) {
  const { say } = useLanguage();
  const when = useWhen();
  const { counts, eta } = data;
  const waiting = counts.queued + counts.sending;
  const next = jobs.flatMap((job) => job.next ?? []).sort()[0];
  return (
    <ul class="figures-row">
      <Figure
        to={addressOf(['delivery'], { state: 'queued' })}
        label={say('在等', 'Waiting')}
        value={waiting}
        note={
          waiting > 0 && eta ? say(`约 ${when(eta)} 发完`, `out by about ${when(eta)}`) : say('没有积压', 'no backlog')
        }
      />
      <Figure
        to={addressOf(['delivery'], { state: 'sent' })}
        label={say('已发', 'Sent')}
        value={counts.sent}
        note={counts.repeated > 0 ? say(`重发 ${counts.repeated} 次`, `${counts.repeated} sent again`) : ' '}
      />
      <Figure
        to={addressOf(['delivery'], { state: 'held' })}
        label={say('暂存', 'Held')}
        value={counts.held}
        tone={counts.held > 0 ? 'warn' : ''}
        note={say('等去向', 'no address yet')}
      />
      <Figure
        to={addressOf(['delivery'], { state: 'dead' })}
        label={say('失败和存疑', 'Dead, doubtful')}
        value={counts.dead + counts.doubtful}
        tone={counts.dead + counts.doubtful > 0 ? 'bad' : ''}
        note={say('要人看', 'need a hand')}
      />
      <Figure
        to={addressOf(['jobs'])}
        label={say('任务', 'Jobs')}
        value={jobs.length}
        note={next ? say(`下次 ${when(next)}`, `next ${when(next)}`) : ' '}
      />
    </ul>
  );
}

function Figure({
  to,
  label,
  value,
  note,
  tone = '',
}: {
  to: string;
  label: string;
  value: number;
  note: string;
  tone?: string;
}) {
  return (
    <li>
      <Link class={`figure ${tone && `figure-${tone}`}`} to={to}>
        <span class="soft">{label}</span>
        <span class="figure-value">{value.toLocaleString('en')}</span>
        <span class="soft">{note}</span>
      </Link>
    </li>
  );
}

interface Channels {
  channels: ChannelJson[];
  platforms: PlatformJson[];
}

interface Need {
  tone: 'bad' | 'warn';
  words: string;
  to: string;
}

/** What somebody should see to, worst first. */
function Needs({ outbox, jobs, channels }: { outbox: OutboxFigures; jobs: JobJson[]; channels: Channels }) {
  const { say } = useLanguage();
  const { dead, doubtful, held } = outbox.counts;
  const needs: Need[] = [
    ...(dead > 0
      ? [
          {
            tone: 'bad' as const,
            words: say(`${dead} 条消息失败了`, `${dead} letters are dead`),
            to: addressOf(['delivery'], { state: 'dead' }),
          },
        ]
      : []),
    ...channels.platforms
      .filter((one) => one.on && one.health !== 'ok')
      .map((one): Need => ({ tone: 'bad', words: `${one.name}: ${one.health}`, to: addressOf(['channels']) })),
    ...jobs
      .filter((job) => job.last?.state === 'failed')
      .map(
        (job): Need => ({
          tone: 'bad',
          words: say(
            `任务 ${job.name} 上次失败：${job.last?.error ?? ''}`,
            `Job ${job.name} failed: ${job.last?.error ?? ''}`,
          ),
          to: addressOf(['jobs', job.name]),
        }),
      ),
    ...channels.channels
      .filter((one) => one.gone !== null)
      .map(
        (one): Need => ({
          tone: 'bad',
          words: say(`频道 ${one.title ?? one.name} 已失效`, `Channel ${one.title ?? one.name} is gone`),
          to: addressOf(['channels', one.name]),
        }),
      ),
    ...(doubtful > 0
      ? [
          {
            tone: 'warn' as const,
            words: say(`${doubtful} 条可能到了，请核对`, `${doubtful} letters may have arrived`),
            to: addressOf(['delivery'], { state: 'doubtful' }),
          },
        ]
      : []),
    ...(held > 0
      ? [
          {
            tone: 'warn' as const,
            words: say(`${held} 条还没有去向`, `${held} letters have nowhere to go`),
            to: addressOf(['delivery'], { state: 'held' }),
          },
        ]
      : []),
  ];
  return (
    <section class="card needs">
      <h2>{needs.length === 0 ? say('一切正常', 'All is well') : say('要人看的', 'Needs a hand')}</h2>
      {needs.length > 0 && (
        <ul class="plain-list">
          {needs.map((one) => (
            <li key={one.words}>
              <Tag tone={one.tone}>{one.tone === 'bad' ? say('处理', 'act') : say('核对', 'check')}</Tag>
              <Link class="grow" to={one.to}>
                {one.words}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Answers as the chat gives them, as soon as all have come; one that cannot be given is left out. */
function Pictures() {
  const all = [useCommand<unknown>('calls.day', {}, ['jobs']), useCommand<unknown>('rewards.rank', {}, ['jobs'])];
  const busy = all.some(({ answer, failed }) => answer === null && failed === null);
  return (
    <div class="pictures-of-the-day" aria-busy={busy}>
      {!busy &&
        all.map(
          ({ answer }, at) =>
            answer && (
              <section class="card question" key={at}>
                <Said message={answer} />
              </section>
            ),
        )}
    </div>
  );
}
