import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { type Answered, ask } from '../command.ts';
import { countWords } from '../countWords.ts';
import type { DryRunJson, JobJson } from '../wire.ts';
import { Field } from './Field.tsx';
import { useNotices } from './Notices.tsx';

/** A trial may ask an upstream, and lasts as long as the job, in ms. */
const TRY_MS = 120_000;

/** Runs it by hand, with its arguments, and where wanted with the clock somewhere else. */
export function RunForm({ job, onBegun }: { job: JobJson; onBegun: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const [values, setValues] = useState<Record<string, string>>({});
  const [at, setAt] = useState('');
  const [busy, setBusy] = useState<'run' | 'try' | null>(null);
  const [tried, setTried] = useState<Answered<DryRunJson> | null>(null);
  const fields = Object.entries(job.args.properties ?? {});
  const wanted = () => ({
    job: job.name,
    args: Object.fromEntries(
      fields
        .filter(([name]) => values[name]?.trim())
        .map(([name, field]) => [name, typed(values[name] ?? '', field.type)]),
    ),
    ...(at && { at }),
  });
  const act = async (which: 'run' | 'try') => {
    setBusy(which);
    setTried(null);
    await run(async () => {
      if (which === 'run') return ask('jobs.run', wanted());
      const answer = await ask<DryRunJson>('jobs.dry-run', wanted(), TRY_MS);
      setTried(answer);
      return undefined;
    });
    setBusy(null);
    if (which === 'run') await onBegun();
  };
  return (
    <details class="card run-form">
      <summary>{say('运行，试运行', 'Run, or try')}</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void act('try');
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
          type="datetime-local"
          label={say('当作是什么时刻（可空）', 'As if it were (may be empty)')}
          value={at}
          onInput={setAt}
        />
        <p class="form-hint">
          {say(
            '试运行用数据库的副本：看会发什么、发给谁，一条也不发。',
            'A trial runs on a copy of the database: what would be said, to whom; nothing is sent.',
          )}
        </p>
        <div class="form-foot">
          <Button type="submit" busy={busy === 'try'} disabled={busy === 'run'}>
            {say('试运行', 'Try')}
          </Button>
          <Button kind="main" busy={busy === 'run'} disabled={busy === 'try'} onPress={() => void act('run')}>
            {say('现在运行', 'Run now')}
          </Button>
        </div>
      </form>
      {tried && <Tried answer={tried} />}
    </details>
  );
}

/** What a trial would have said, and to whom. */
function Tried({ answer: { title, data } }: { answer: Answered<DryRunJson> }) {
  const { say } = useLanguage();
  return (
    <section class="tried" aria-label={say('试运行的结果', 'What the trial gave')}>
      <p class={data.outcome.state === 'done' ? 'good-text' : 'bad-text'}>{title}</p>
      <p class="soft">{countWords(data.outcome.counts, say)}</p>
      <ol class="timetable">
        {data.letters.map((letter) => (
          <li class="card" key={letter.key}>
            <p class="timetable-head">
              <b>{letter.recipient}</b> <span class="mono soft">{letter.to !== letter.recipient && letter.to}</span>
            </p>
            <p class="said">{letter.text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A field's text as its type. */
function typed(text: string, type: string | undefined): string | number | boolean {
  if (type === 'boolean') return text === 'true';
  return type === 'number' || type === 'integer' ? Number(text) : text.trim();
}
