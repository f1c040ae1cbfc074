import { useEffect } from 'preact/hooks';
import { AlertActions } from '../admin/parts/AlertActions.tsx';
import { Choice } from '../admin/parts/Field.tsx';
import { Page, WhenThere } from '../admin/parts/Page.tsx';
import { AlertTag } from '../admin/parts/State.tsx';
import { useCommand } from '../admin/useCommand.ts';
import { useWhen } from '../admin/when.ts';
import { Button } from '../shared/Button.tsx';
import { useLanguage } from '../shared/language.tsx';
import { addressOf, go, Link, useRoute } from './route.ts';
import type { MissingJson } from './wire.ts';

/** How often the list is asked again. The check itself runs every two minutes. */
const EVERY = 60_000;

/** Who owes an update now, for how long, and who has it; up to date by itself. */
export function MissingPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const { query } = useRoute();
  const dsp = query.get('dsp') ?? '';
  const asked = useCommand<MissingJson[]>('drivers.missing', {}, ['outbox', 'audit']);
  const { reload } = asked;
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) void reload();
    }, EVERY);
    return () => window.clearInterval(timer);
  }, [reload]);
  const all = asked.answer?.data ?? [];
  const dsps = [...new Set(all.flatMap((one) => one.dsp ?? []))].sort((a, b) => a.localeCompare(b, 'zh'));
  const shown = all.filter((one) => !dsp || one.dsp === dsp);
  const age = asked.answer?.asOf;
  return (
    <Page
      title={say('缺失更新', 'Missing updates')}
      actions={<Button onPress={() => void reload()}>{say('刷新', 'Refresh')}</Button>}
    >
      <p class="lead">
        {asked.answer?.title ?? ' '}
        {age && <span class="soft"> · {say(`数据截至 ${when(age.at)}`, `Data as of ${when(age.at)}`)}</span>}
      </p>
      {(dsps.length > 1 || dsp) && (
        <div class="filters">
          <Choice
            label={say('服务商', 'DSP')}
            value={dsp}
            options={[{ value: '', words: say('全部', 'all') }, ...dsps.map((one) => ({ value: one, words: one }))]}
            onChange={(to) => go(addressOf(['missing'], { dsp: to }), { replace: true })}
          />
        </div>
      )}
      <WhenThere asked={asked} empty={() => shown.length === 0 && (asked.answer?.title ?? ' ')}>
        {() => (
          <table class="rows missing-rows">
            <thead>
              <tr>
                <th>{say('司机', 'Driver')}</th>
                <th>{say('服务商', 'DSP')}</th>
                <th>{say('缺什么', 'What is missing')}</th>
                <th class="number">{say('剩余单', 'Orders')}</th>
                <th>{say('处理', 'Who has it')}</th>
                <th>
                  <span class="only-heard">{say('操作', 'Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={`${one.rule}/${one.driver}`}>
                  <td class="what">
                    <Link to={addressOf(['of', one.driver], { range: 'last_24_hours' })}>{one.name}</Link>
                    <span class="soft">{one.driver}</span>
                  </td>
                  <td>{one.dsp ?? '—'}</td>
                  <td class="when">
                    {one.overdue
                      ? say(`应在 ${when(one.since)} 前有结果`, `A result by ${when(one.since)}`)
                      : one.last
                        ? say(`${when(one.last)} 后没有更新`, `Nothing since ${when(one.last)}`)
                        : say('一直没有更新', 'Nothing ever')}
                  </td>
                  <td class="number">
                    <span class="phone-label">{say('剩余单', 'Orders')} </span>
                    {one.orders}
                  </td>
                  <td class="state">
                    {one.alert ? <AlertTag state={one.alert.state} /> : <span class="soft">—</span>}
                    {one.alert?.owner && <span class="soft reason">{one.alert.owner}</span>}
                  </td>
                  <td class="act">{one.alert && <AlertActions alert={one.alert} onDone={reload} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </WhenThere>
    </Page>
  );
}
