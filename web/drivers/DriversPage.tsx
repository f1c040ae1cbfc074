import { useEffect, useState } from 'preact/hooks';
import { Choice, Field } from '../admin/parts/Field.tsx';
import { Page, WhenThere } from '../admin/parts/Page.tsx';
import { useCommand } from '../admin/useCommand.ts';
import { useLanguage } from '../shared/language.tsx';
import { addressOf, go, Link, useRoute } from './route.ts';
import type { DriversJson } from './wire.ts';

/** Milliseconds without a key before what was typed is looked for. */
const PAUSE = 200;

/** Every driver whom one may look at, by name, id and DSP. Who may look at one alone is there already. */
export function DriversPage() {
  const { say } = useLanguage();
  const { query } = useRoute();
  const dsp = query.get('dsp') ?? '';
  const [text, setText] = useState(query.get('text') ?? '');
  const [wanted, setWanted] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setWanted(text.trim()), PAUSE);
    return () => window.clearTimeout(timer);
  }, [text]);
  const asked = useCommand<DriversJson>('drivers.list', { ...(wanted && { text: wanted }), ...(dsp && { dsp }) });
  const data = asked.answer?.data;
  const only = !wanted && !dsp && data?.total === 1 ? data.drivers[0] : undefined;
  useEffect(() => {
    if (only) go(addressOf(['of', only.id]), { replace: true });
  }, [only]);
  const move = (to: { dsp?: string }) => go(addressOf([], { text: wanted, dsp, ...to }), { replace: true });
  return (
    <Page title={say('司机', 'Drivers')}>
      <p class="lead">{asked.answer?.title ?? ' '}</p>
      <div class="filters">
        <Field
          label={say('编号或姓名', 'Id or name')}
          type="search"
          value={text}
          onInput={setText}
          placeholder="D-1023"
          autocomplete="off"
        />
        <Choice
          label={say('服务商', 'DSP')}
          value={dsp}
          options={[
            { value: '', words: say('全部', 'all') },
            ...(data?.dsps ?? []).map((one) => ({ value: one.name, words: `${one.name}（${one.drivers}）` })),
          ]}
          onChange={(to) => move({ dsp: to })}
        />
        {dsp && (
          <Link class="button" to={addressOf(['dsp', dsp])}>
            {say(`${dsp} 的趋势`, `Trend of ${dsp}`)}
          </Link>
        )}
      </div>
      <WhenThere
        asked={asked}
        empty={({ drivers }) =>
          drivers.length === 0 &&
          (wanted || dsp
            ? say('没有符合的司机。换个编号或姓名试试。', 'No such driver. Try another id or name.')
            : say('还没有司机的数据。', 'There is no data of drivers yet.'))
        }
      >
        {({ drivers, total }) => (
          <>
            <ul class="driver-list">
              {drivers.map((driver) => (
                <li key={driver.id}>
                  <Link class="driver-link" to={addressOf(['of', driver.id])}>
                    <span class="driver-name">{driver.name}</span>
                    <span class="driver-id">{driver.id}</span>
                    <span class="soft">{driver.dsp ?? '—'}</span>
                  </Link>
                </li>
              ))}
            </ul>
            {total > drivers.length && (
              <p class="soft list-more">
                {say(
                  `只列前 ${drivers.length} 位，共 ${total} 位：输入编号或姓名来找。`,
                  `The first ${drivers.length} of ${total}: type an id or a name.`,
                )}
              </p>
            )}
          </>
        )}
      </WhenThere>
    </Page>
  );
}
