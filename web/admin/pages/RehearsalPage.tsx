import { useContext, useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { timeText } from '../../shared/time.ts';
import { type Answered, ask } from '../command.ts';
import { countWords } from '../countWords.ts';
import { Field } from '../parts/Field.tsx';
import { Look } from '../parts/Look.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { reasonWords } from '../reasons.ts';
import { ZoneContext } from '../when.ts';
import type { RehearsalJson } from '../wire.ts';

/** A rehearsal may draw many charts. */
const PATIENCE_MS = 180_000;

/** A day's schedule run now into nowhere: every message, its recipient, its chart, and when it would be out. */
export function RehearsalPage() {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [day, setDay] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answered<RehearsalJson> | null>(null);
  const begin = async () => {
    setBusy(true);
    await run(async () => {
      setAnswer(await ask<RehearsalJson>('rehearsal.run', day ? { day } : {}, PATIENCE_MS));
    });
    setBusy(false);
  };
  return (
    <Page title={say('预演', 'Rehearsal')}>
      <p class="lead">
        {say(
          '把某天的计划现在跑一遍：在数据库的一份副本上跑，跑完就删；不问上游，不发给任何人。',
          'The schedule of a day, run now on a copy of the database that is thrown away. Upstreams are not asked, nothing is sent.',
        )}
      </p>
      <form
        class="form-line rehearsal-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void begin();
        }}
      >
        <Field
          type="date"
          label={say('哪天（空着：明天）', 'Which day (empty: tomorrow)')}
          value={day}
          onInput={setDay}
        />
        <Button kind="main" type="submit" busy={busy}>
          {say('预演', 'Rehearse')}
        </Button>
      </form>
      {busy && (
        <p class="empty" role="status">
          {say('正在跑明天的任务、画图……', 'Running the jobs, drawing the charts …')}
        </p>
      )}
      {answer && !busy && <Rehearsed answer={answer} />}
    </Page>
  );
}

function Rehearsed({ answer }: { answer: Answered<RehearsalJson> }) {
  const { lang, say } = useLanguage();
  const zone = useContext(ZoneContext);
  const { letters, runs } = answer.data;
  const time = (iso: string) => timeText(iso, zone);
  const failed = runs.filter(({ error }) => error !== null);
  return (
    <>
      <h2 class="rehearsal-title">{answer.title}</h2>
      {failed.length > 0 && (
        <section class="card">
          <h2>{say('没跑成的任务', 'Runs that failed')}</h2>
          <ul class="plain-list">
            {failed.map((one, at) => (
              <li key={at}>
                <span class="when">{time(one.at)}</span>
                <span class="grow">
                  {one.job} <span class="bad-text">{one.error}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {letters.length === 0 && <p class="empty">{say('这天没有要发的。', 'Nothing goes out on that day.')}</p>}
      <ol class="timetable">
        {letters.map((letter) => (
          <li key={letter.key} class="card">
            <p class="timetable-head">
              <span class="timetable-time">{letter.out ? time(letter.out) : '—'}</span>
              <b>{letter.recipient}</b>
              <span class="mono soft">{letter.destination}</span>
              {letter.held !== null && <Tag tone="warn">{reasonWords(letter.held, lang)}</Tag>}
              {letter.out !== null && letter.out > letter.at && (
                <span class="soft">
                  {say(
                    `${time(letter.at)} 写好，排队到 ${time(letter.out)}`,
                    `ready at ${time(letter.at)}, out at ${time(letter.out)}`,
                  )}
                </span>
              )}
            </p>
            {letter.preview ? <Look preview={letter.preview} /> : <p>{letter.title || letter.key}</p>}
          </li>
        ))}
      </ol>
      <details class="card">
        <summary>{say(`任务运行 ${runs.length} 次`, `${runs.length} runs of jobs`)}</summary>
        <ul class="plain-list">
          {runs.map((one, at) => (
            <li key={at}>
              <span class="when">{time(one.at)}</span>
              <span class="grow">{one.job}</span>
              {one.error ? (
                <span class="bad-text">{one.error}</span>
              ) : (
                <span class="soft">{countWords(one.counts, say)}</span>
              )}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
