import { useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { DayGrid, type Span } from '../parts/DayGrid.tsx';
import { Choice, Field } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { addressOf, go, Link, useRoute } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { FeedJson } from '../wire.ts';

const SPANS = [42, 91, 182, 365];
const DAY_MS = 86_400_000;

/** What is there of every feed, day by day, and fetching anew what is missing. */
export function SyncPage() {
  const { say } = useLanguage();
  const { query } = useRoute();
  const until = query.get('to') ?? '';
  const days = SPANS.find((one) => String(one) === query.get('days')) ?? 42;
  const args = spanOf(until, days);
  const asked = useCommand<{ from: string; to: string; feeds: FeedJson[] }>('feeds.calendar', args, ['jobs', 'audit']);
  const move = (change: { to?: string; days?: string }) =>
    go(addressOf(['sync'], { to: until, days: String(days), ...change }), { replace: true });
  return (
    <Page title={say('数据同步', 'Data')}>
      <p class="lead">{asked.answer?.title ?? ' '}</p>
      <div class="filters">
        <Field label={say('看到哪天', 'Until')} type="date" value={until} onInput={(to) => move({ to })} />
        <Choice
          label={say('看多久', 'How long')}
          value={String(days)}
          options={SPANS.map((one) => ({ value: String(one), words: say(`${one} 天`, `${one} days`) }))}
          onChange={(to) => move({ days: to })}
        />
      </div>
      <WhenThere asked={asked} empty={({ feeds }) => feeds.length === 0 && say('没有数据源。', 'There are no feeds.')}>
        {({ from, to, feeds }) => (
          <div class="feeds">
            {feeds.map((feed) => (
              <FeedCard key={feed.feed} feed={feed} span={{ from, to }} />
            ))}
          </div>
        )}
      </WhenThere>
    </Page>
  );
}

/** The server's default span where no day is chosen. */
function spanOf(to: string, days: number): { from?: string; to?: string } {
  if (!to && days === SPANS[0]) return {};
  const last = to ? new Date(`${to}T00:00:00Z`) : new Date();
  if (Number.isNaN(last.getTime())) return {};
  const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: iso(last.getTime() - (days - 1) * DAY_MS), to: iso(last.getTime()) };
}

function FeedCard({ feed, span }: { feed: FeedJson; span: Span }) {
  const { say } = useLanguage();
  const when = useWhen();
  const [chosen, setChosen] = useState<Span | null>(null);
  const gaps = feed.days.filter(({ state }) => state === 'missing' || state === 'partial');
  return (
    <section class="card feed" aria-labelledby={`feed-${feed.feed}`}>
      <header class="card-head">
        <div>
          <h2 id={`feed-${feed.feed}`}>
            {feed.title} <span class="mono soft">{feed.feed}</span>
          </h2>
          <p class="soft">
            {feed.asOf
              ? say(`数据截至 ${when(feed.asOf)}`, `as of ${when(feed.asOf)}`)
              : say('还没有数据', 'no data yet')}
            {feed.source && !feed.sample && ` · ${feed.source}`}
            {feed.note && ` · ${feed.note}`}
          </p>
        </div>
        <FeedTag feed={feed} gaps={gaps.length} />
      </header>
      <DayGrid
        label={say(`${feed.title}每天的情况`, `${feed.title}, day by day`)}
        span={span}
        days={feed.days}
        chosen={chosen}
        onChoose={setChosen}
      />
      <Chosen feed={feed} chosen={chosen} />
    </section>
  );
}

function FeedTag({ feed, gaps }: { feed: FeedJson; gaps: number }) {
  const { say } = useLanguage();
  if (gaps > 0) return <Tag tone="warn">{say(`${gaps} 天不全`, `${gaps} days not complete`)}</Tag>;
  if (feed.sample) return <Tag tone="plain">{say('示例数据', 'sample')}</Tag>;
  if (feed.completeness === 'complete') return <Tag tone="good">{say('完整', 'complete')}</Tag>;
  if (feed.completeness === 'partial') return <Tag tone="warn">{say('不全', 'partial')}</Tag>;
  return <Tag tone="plain">{say('完整度未知', 'completeness not known')}</Tag>;
}

/** What is known of the chosen days, and fetching them anew. */
function Chosen({ feed, chosen }: { feed: FeedJson; chosen: Span | null }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  if (!chosen) {
    return (
      <p class="soft feed-foot">
        {feed.syncs
          ? say('点第一天和最后一天，就可以补这几天。', 'Choose the first and the last day to fetch them anew.')
          : say(
              '这类数据由文件导入，没有上游可以补。',
              'These rows are imported from files; there is no upstream to ask.',
            )}
      </p>
    );
  }
  const within = feed.days.filter(({ day }) => day >= chosen.from && day <= chosen.to);
  const rows = within.reduce((sum, one) => sum + one.rows, 0);
  const span = chosen.from === chosen.to ? chosen.from : `${chosen.from} – ${chosen.to}`;
  const fetch = () => run(() => ask('jobs.run', { job: 'feeds.sync', args: { feed: feed.feed, ...chosen } }));
  return (
    <div class="feed-foot">
      <div class="grow">
        <p>
          <strong>{span}</strong> · {say(`${rows.toLocaleString('en-US')} 行`, `${rows.toLocaleString('en-US')} rows`)}
        </p>
        {within
          .filter(({ problem }) => problem)
          .map(({ day, problem }) => (
            <p key={day} class="bad-text">
              {day} {problem}
            </p>
          ))}
      </div>
      {feed.syncs && (
        <>
          <Link class="button quiet" to={addressOf(['jobs', 'feeds.sync'])}>
            {say('运行记录', 'Runs')}
          </Link>
          <Confirm
            words={say('补这几天', 'Fetch anew')}
            question={say(
              `从上游重新读取 ${feed.title} ${span}。已有的数据只会更新，不会重复。`,
              `${feed.title} of ${span} is read from its upstream again. What is there is brought up to date, nothing is doubled.`,
            )}
            onDo={fetch}
          />
        </>
      )}
    </div>
  );
}
