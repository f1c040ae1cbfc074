import { useLanguage } from '../../shared/language.tsx';
import { AlertActions } from '../parts/AlertActions.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { AlertTag } from '../parts/State.tsx';
import { addressOf, Link } from '../route.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { AlertJson } from '../wire.ts';

/** What is wrong and needs a person: who has it, and taking it oneself. */
export function AlertsPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const asked = useCommand<{ alerts: AlertJson[] }>('alerts.list', {}, ['outbox', 'audit']);
  return (
    <Page title={say('提醒', 'Alerts')}>
      <p class="lead">{asked.answer?.title ?? ' '}</p>
      <WhenThere
        asked={asked}
        empty={({ alerts }) => alerts.length === 0 && say('没有未解决的提醒。', 'No alerts are open.')}
      >
        {({ alerts }) => (
          <table class="rows">
            <thead>
              <tr>
                <th>{say('事情', 'What')}</th>
                <th>{say('状态', 'State')}</th>
                <th>{say('开始', 'Since')}</th>
                <th>
                  <span class="only-heard">{say('操作', 'Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {alerts.map((alert) => (
                <tr key={alert.id}>
                  <td class="what">
                    <AlertTitle {...alert} />
                    <span class="soft mono">{`#${alert.id} · ${alert.subject}`}</span>
                  </td>
                  <td class="state">
                    <AlertTag state={alert.state} />
                    {alert.owner && <span class="soft reason">{alert.owner}</span>}
                  </td>
                  <td class="when">{when(alert.openedAt)}</td>
                  <td class="act">
                    <AlertActions alert={alert} onDone={asked.reload} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </WhenThere>
    </Page>
  );
}

/** Leads to what the alert is about, where the page has that. */
function AlertTitle({ subject, title }: AlertJson) {
  const dispute = /^dispute:(\d+)$/.exec(subject)?.[1];
  return dispute ? <Link to={addressOf(['disputes', dispute])}>{title}</Link> : <span>{title}</span>;
}
