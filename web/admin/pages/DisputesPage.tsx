import { Button } from '../../shared/Button.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { DisputeDue, DisputeResult } from '../parts/DisputeState.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tabs } from '../parts/Tabs.tsx';
import { addressOf, go, Link, useRoute } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { DisputeJson } from '../wire.ts';

const TABS = [
  { value: '', zh: '待答复', en: 'Waiting' },
  { value: 'answered', zh: '已答复', en: 'Answered' },
];

/** What housekeepers dispute: who waits until when, and what became of the others. */
export function DisputesPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const { query } = useRoute();
  const state = query.get('state') === 'answered' ? 'answered' : 'open';
  const before = Number(query.get('before')) || undefined;
  const asked = useCommand<{ disputes: DisputeJson[]; next: number | null }>(
    'rewards.disputes',
    { state, ...(before && { before }) },
    before ? [] : ['outbox', 'audit'],
  );
  return (
    <Page title={say('奖励申诉', 'Disputes')}>
      <p class="lead">{asked.answer?.title ?? ' '}</p>
      <Tabs
        label={say('状态', 'State')}
        tabs={TABS.map(({ value, zh, en }) => ({ value, words: say(zh, en) }))}
        value={state === 'open' ? '' : state}
        onChange={(to) => go(addressOf(['disputes'], { state: to }), { replace: true })}
      />
      <WhenThere
        asked={asked}
        empty={({ disputes }) =>
          disputes.length === 0 &&
          (state === 'open'
            ? say('没有待答复的申诉。', 'No dispute waits.')
            : say('还没有答复过。', 'None was answered yet.'))
        }
      >
        {({ disputes, next }) => (
          <>
            <table class="rows disputes">
              <thead>
                <tr>
                  <th>{say('申诉', 'Dispute')}</th>
                  <th>{say('合同', 'Contract')}</th>
                  <th>{say('提出', 'Raised')}</th>
                  <th>{state === 'open' ? say('期限', 'Until') : say('结果', 'Result')}</th>
                </tr>
              </thead>
              <tbody>
                {disputes.map((one) => (
                  <tr key={one.id}>
                    <td class="what">
                      <Link to={addressOf(['disputes', String(one.id)])}>{`#${one.id} ${one.raisedName}`}</Link>
                      <span class="soft">{one.reason}</span>
                    </td>
                    <td class="mono" data-label={say('合同', 'Contract')}>
                      {one.line.number}
                    </td>
                    <td class="when" data-label={say('提出', 'Raised')}>
                      {when(one.raisedAt)}
                    </td>
                    <td class="state">
                      {state === 'open' ? <DisputeDue dispute={one} /> : <DisputeResult dispute={one} />}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div class="pager">
              {before && <Button onPress={() => window.history.back()}>{say('较新的', 'Newer')}</Button>}
              {next !== null && (
                <Button onPress={() => go(addressOf(['disputes'], { state, before: String(next) }))}>
                  {say('较早的', 'Older')}
                </Button>
              )}
            </div>
          </>
        )}
      </WhenThere>
    </Page>
  );
}
