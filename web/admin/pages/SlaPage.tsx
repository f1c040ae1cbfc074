import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { AlertActions } from '../parts/AlertActions.tsx';
import { Confirm } from '../parts/Confirm.tsx';
import { Check, Choice } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Said } from '../parts/Said.tsx';
import { AlertTag } from '../parts/State.tsx';
import { addressOf, go, useRoute } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { AppealJson, ViolationJson } from '../wire.ts';

const PERIODS = [
  { value: 'newest', zh: '最新一天', en: 'newest day' },
  { value: 'week', zh: '本周', en: 'this week' },
  { value: 'last_week', zh: '上周', en: 'last week' },
  { value: 'last_30_days', zh: '近 30 天', en: 'last 30 days' },
];

/** Violations of service levels: which orders, who has them, and how providers compare. */
export function SlaPage() {
  const { say } = useLanguage();
  const { query } = useRoute();
  const period = query.get('period') ?? 'newest';
  const provider = query.get('provider') ?? '';
  const onlyOpen = query.get('open') === '1';
  const asked = useCommand<{ violations: ViolationJson[] }>('sla.violations', { period }, ['outbox', 'audit']);
  const ranking = useCommand<unknown>('sla.ranking', { period: period === 'newest' ? 'week' : period });
  const all = asked.answer?.data.violations ?? [];
  const providers = [...new Set(all.map((one) => one.provider))].sort((a, b) => a.localeCompare(b, 'zh'));
  const shown = all.filter(
    (one) => (!provider || one.provider === provider) && (!onlyOpen || one.alert?.state === 'open'),
  );
  const move = (change: { period?: string; provider?: string; open?: string }) =>
    go(addressOf(['sla'], { period, provider, open: onlyOpen ? '1' : '', ...change }), { replace: true });
  return (
    <Page title={say('服务违规', 'Service levels')}>
      <p class="lead">{asked.answer?.title ?? ' '}</p>
      <div class="filters">
        <Choice
          label={say('时间', 'Period')}
          value={period}
          options={PERIODS.map(({ value, zh, en }) => ({ value, words: say(zh, en) }))}
          onChange={(to) => move({ period: to, provider: '' })}
        />
        <Choice
          label={say('服务商', 'Provider')}
          value={provider}
          options={[{ value: '', words: say('全部', 'all') }, ...providers.map((one) => ({ value: one, words: one }))]}
          onChange={(to) => move({ provider: to })}
        />
        <Check checked={onlyOpen} onChange={(on) => move({ open: on ? '1' : '' })}>
          {say('只看没人认领的', 'only what nobody has')}
        </Check>
      </div>
      <WhenThere
        asked={asked}
        empty={() => shown.length === 0 && say('这里没有违规。', 'There are no violations here.')}
      >
        {() => <Violations violations={shown} onDone={asked.reload} />}
      </WhenThere>
      <Appeals />
      {ranking.answer && (
        <section class="card question sla-ranking">
          <Said message={ranking.answer} />
        </section>
      )}
    </Page>
  );
}

interface ViolationsProps {
  violations: readonly ViolationJson[];
  onDone: () => Promise<void>;
}

function Violations({ violations, onDone }: ViolationsProps) {
  const { say } = useLanguage();
  return (
    <table class="rows violations">
      <thead>
        <tr>
          <th>{say('工单', 'Order')}</th>
          <th>{say('违规', 'Violation')}</th>
          <th>{say('服务商', 'Provider')}</th>
          <th>{say('日期', 'Day')}</th>
          <th>{say('处理', 'Who has it')}</th>
          <th>
            <span class="only-heard">{say('操作', 'Actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {violations.map((one) => (
          <tr key={one.id}>
            <td class="mono">{one.orderNum}</td>
            <td class="what">
              {one.kind}
              {one.description && <span class="soft">{one.description}</span>}
            </td>
            <td>
              {one.provider}
              {one.housekeeper && <span class="soft block">{one.housekeeper}</span>}
            </td>
            <td class="when">{one.day}</td>
            <td class="state" data-label={one.alert ? undefined : say('处理', 'Who has it')}>
              {one.alert ? <AlertTag state={one.alert.state} /> : <span class="soft">—</span>}
              {one.alert?.owner && <span class="soft reason">{one.alert.owner}</span>}
            </td>
            <td class="act">{one.alert && <AlertActions alert={one.alert} onDone={onDone} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Appeals that wait for a decision. */
function Appeals() {
  const { say } = useLanguage();
  const when = useWhen();
  const { run } = useNotices();
  const asked = useCommand<{ appeals: AppealJson[] }>('sla.appeals', {}, ['outbox', 'audit']);
  const appeals = asked.answer?.data.appeals ?? [];
  if (appeals.length === 0) return null;
  const decide = (appeal: number, decision: 'accepted' | 'rejected') => async () => {
    await run(() => ask('sla.decide', { appeal, decision }));
    await asked.reload();
  };
  return (
    <section class="appeals" aria-label={asked.answer?.title}>
      <h2>{asked.answer?.title}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th>{say('工单', 'Order')}</th>
            <th>{say('理由', 'Reason')}</th>
            <th>{say('服务商', 'Provider')}</th>
            <th>{say('提出', 'Raised')}</th>
            <th>
              <span class="only-heard">{say('操作', 'Actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {appeals.map(({ id, reason, by, at, violation }) => (
            <tr key={id}>
              <td class="mono">{violation.orderNum}</td>
              <td class="what">
                {reason}
                <span class="soft">{`${violation.kind} · ${violation.day}`}</span>
              </td>
              <td>{violation.provider}</td>
              <td class="when">
                {when(at)}
                <span class="soft block">{by}</span>
              </td>
              <td class="act">
                <Confirm
                  words={say('通过', 'Accept')}
                  question={say('撤销这条违规？', 'Withdraw the violation?')}
                  onDo={decide(id, 'accepted')}
                />{' '}
                <Confirm
                  words={say('驳回', 'Reject')}
                  question={say('违规维持不变？', 'The violation stays?')}
                  onDo={decide(id, 'rejected')}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
