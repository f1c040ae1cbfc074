import { useEffect, useMemo, useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { LETTER_STATES } from '../letterStates.ts';
import { Field } from '../parts/Field.tsx';
import { LetterActions } from '../parts/LetterActions.tsx';
import { LetterRows } from '../parts/LetterRows.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tabs } from '../parts/Tabs.tsx';
import { addressOf, go, useRoute } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { Letter, OutboxFigures } from '../wire.ts';

interface Log {
  letters: Letter[];
  next: number | null;
}

/** What went out, what waits and until when, what is doubtful or dead and why. The filter is in the address. */
export function DeliveryPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const { query } = useRoute();
  const filter = useMemo(() => filterOf(query), [query.toString()]);
  const log = useCommand<Log>('outbox.letters', filter.args, filter.args.before ? [] : ['outbox']);
  const stats = useCommand<OutboxFigures>('outbox.stats', {}, ['outbox']);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChosen(new Set()), [filter]);
  const show = (change: Record<string, string | undefined>) =>
    go(addressOf(['delivery'], { ...filter.given, before: undefined, ...change }), { replace: true });
  const counts = stats.answer?.data.counts;

  return (
    <Page title={say('发送记录', 'Delivery')}>
      <p class="lead">{stats.answer?.title ?? ' '}</p>
      <Tabs
        label={say('状态', 'State')}
        tabs={[
          { value: '', words: say('全部', 'All') },
          ...LETTER_STATES.filter(({ state }) => state !== 'sending').map((one) => ({
            value: one.state as string,
            words: say(one.zh, one.en),
            count: counts && (one.state === 'queued' ? counts.queued + counts.sending : counts[one.state]),
            tone: one.tone,
          })),
        ]}
        waiting={!counts && stats.failed === null}
        value={filter.given.state ?? ''}
        onChange={(state) => show({ state })}
      />
      <div class="filters">
        <Field
          type="search"
          label={say('编号里有', 'Key contains')}
          value={filter.given.text ?? ''}
          onInput={(text) => show({ text })}
        />
        <Field
          label={say('发给', 'To')}
          placeholder="channel:lobby"
          value={filter.given.to ?? ''}
          onInput={(to) => show({ to })}
        />
        <Field
          type="date"
          label={say('从', 'From')}
          value={filter.given.from ?? ''}
          onInput={(from) => show({ from })}
        />
        <Field
          type="date"
          label={say('到', 'Until')}
          value={filter.given.until ?? ''}
          onInput={(until) => show({ until })}
        />
      </div>
      <WhenThere
        asked={log}
        empty={({ letters }) => letters.length === 0 && say('没有符合的消息。', 'No letters fit.')}
      >
        {({ letters, next }) => (
          <>
            <LetterRows letters={letters} chosen={chosen} onChoose={setChosen} />
            <div class="pager">
              {filter.args.before !== undefined && (
                <Button onPress={() => window.history.back()}>{say('较新的', 'Newer')}</Button>
              )}
              {next !== null && (
                <Button onPress={() => go(addressOf(['delivery'], { ...filter.given, before: String(next) }))}>
                  {say('较早的', 'Older')}
                </Button>
              )}
            </div>
            {chosen.size > 0 && (
              <div class="chosen">
                <span>{say(`选了 ${chosen.size} 条`, `${chosen.size} chosen`)}</span>
                <LetterActions
                  letters={letters.filter(({ key }) => chosen.has(key))}
                  onDone={async () => {
                    setChosen(new Set());
                    await log.reload();
                  }}
                />
              </div>
            )}
          </>
        )}
      </WhenThere>
      {stats.answer && stats.answer.data.byDestination.length > 0 && (
        <section class="card">
          <h2>{say('在等的，按去向', 'What waits, by destination')}</h2>
          <ul class="plain-list">
            {stats.answer.data.byDestination.slice(0, 20).map((one) => (
              <li key={one.to}>
                <span class="grow mono">{one.to}</span>
                <span class="number">{one.waiting}</span>
                <span class="soft">{say(`${when(one.eta)} 发完`, `out by ${when(one.eta)}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

function filterOf(query: URLSearchParams) {
  const given = Object.fromEntries(
    ['state', 'text', 'to', 'from', 'until', 'before'].map((name) => [name, query.get(name) || undefined]),
  ) as Record<'state' | 'text' | 'to' | 'from' | 'until' | 'before', string | undefined>;
  const states =
    given.state === 'queued'
      ? ['queued', 'sending']
      : LETTER_STATES.some(({ state }) => state === given.state)
        ? [given.state]
        : undefined;
  const args = {
    ...(states && { states }),
    ...(given.text && given.text.trim().length > 1 && { text: given.text }),
    ...(given.to && { to: given.to }),
    ...(given.from && { from: given.from }),
    ...(given.until && { until: given.until }),
    ...(Number(given.before) > 0 && { before: Number(given.before) }),
  };
  return { given, args };
}
