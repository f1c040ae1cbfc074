import { useEffect, useState } from 'preact/hooks';
import { Field } from '../admin/parts/Field.tsx';
import { Page, WhenThere } from '../admin/parts/Page.tsx';
import { Said } from '../admin/parts/Said.tsx';
import { useCommand } from '../admin/useCommand.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { addressOf, go, Link, useRoute } from './route.ts';
import { Segments } from './Segments.tsx';

type Of = { driver: string } | { dsp: string };

interface TrendJson {
  name: string;
  date_range: { from: string; to: string };
}

/** A driver or a DSP: the chart, what it says, and the days, for a range and a figure that the address names. */
export function TrendPage({ of }: { of: Of }) {
  const { say } = useLanguage();
  const { query } = useRoute();
  const range = query.get('range') ?? 'last_7_days';
  const metric = query.get('metric') ?? 'deliveries';
  const asked = useCommand<TrendJson | undefined>('drivers.trend', { ...of, range, metric });
  const here = 'dsp' in of ? ['dsp', of.dsp] : ['of', of.driver];
  const move = (to: { range?: string; metric?: string }) => {
    const next = { range, metric, ...to };
    go(
      addressOf(here, {
        range: next.range === 'last_7_days' ? undefined : next.range,
        metric: next.metric === 'deliveries' ? undefined : next.metric,
      }),
      { replace: true },
    );
  };
  const answer = asked.answer;
  const turns = (answer?.blocks ?? [])
    .flatMap((block) => (block.type === 'actions' ? block.buttons : []))
    .filter(({ call }) => call.turns);
  const [name] = here.slice(1);
  const shown = answer?.data?.name;
  return (
    <Page
      title={shown && shown !== name ? `${shown}（${name}）` : (name ?? '')}
      back={{ words: say('全部司机', 'All drivers'), to: addressOf([]) }}
      actions={
        'driver' in of && (
          <Link class="button" to={addressOf(['pod', of.driver])}>
            {say('今天的签收照片', "Today's proof of delivery")}
          </Link>
        )
      }
    >
      <div class="trend-choices">
        <Segments
          label={say('时间', 'Time')}
          value={range}
          options={[
            { value: 'last_24_hours', words: say('24小时', '24 hours') },
            { value: 'last_7_days', words: say('7天', '7 days') },
            { value: 'last_30_days', words: say('30天', '30 days') },
          ]}
          onChange={(to) => move({ range: to })}
        />
        <Segments
          label={say('指标', 'Figure')}
          value={metric}
          options={[
            { value: 'deliveries', words: say('完成', 'Delivered') },
            { value: 'on_time', words: say('准时率', 'On time') },
            { value: 'failed', words: say('失败', 'Failed') },
          ]}
          onChange={(to) => move({ metric: to })}
        />
        <Days range={range} shown={answer?.data?.date_range} onChange={(to) => move({ range: to })} />
      </div>
      <WhenThere asked={asked}>
        {() =>
          answer && (
            <section class="trend-answer" aria-live="polite">
              <Said message={answer} />
              {turns.length > 0 && (
                <p class="trend-turns">
                  {turns.map(({ label, call }) => (
                    <Button key={label} onPress={() => move({ range: String(call.args['range']) })}>
                      {label}
                    </Button>
                  ))}
                </p>
              )}
            </section>
          )
        }
      </WhenThere>
    </Page>
  );
}

/** Any range of days, first and last. */
function Days({
  range,
  shown,
  onChange,
}: {
  range: string;
  shown: { from: string; to: string } | undefined;
  onChange: (range: string) => void;
}) {
  const { say } = useLanguage();
  const said = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(range);
  const first = said?.[1] ?? shown?.from.slice(0, 10) ?? '';
  const last = said?.[2] ?? shown?.to.slice(0, 10) ?? '';
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  useEffect(() => {
    setFrom(first);
    setTo(last);
  }, [first, last]);
  const ready = from !== '' && to !== '' && from <= to && (from !== first || to !== last);
  return (
    <form
      class="trend-days"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onChange(`${from}..${to}`);
      }}
    >
      <Field label={say('从', 'From')} type="date" value={from} onInput={setFrom} />
      <Field label={say('到', 'To')} type="date" value={to} onInput={setTo} />
      <Button type="submit" disabled={!ready}>
        {say('看这几天', 'Show')}
      </Button>
    </form>
  );
}
