import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { Tag } from '../parts/State.tsx';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { AlertJson } from '../wire.ts';

const STATES = {
  open: { zh: '无人处理', en: 'nobody has it', tone: 'bad' },
  taken: { zh: '处理中', en: 'taken', tone: 'info' },
  handled: { zh: '已处理', en: 'handled', tone: 'good' },
  closed: { zh: '已结束', en: 'over', tone: 'plain' },
} as const;

/** What is wrong and needs a person: who has it, and taking it oneself. */
export function AlertsPage() {
  const { say } = useLanguage();
  const when = useWhen();
  const { run } = useNotices();
  const asked = useCommand<{ alerts: AlertJson[] }>('alerts.list', {}, ['outbox', 'audit']);
  const act = (command: string, alert: number) => async () => {
    await run(() => ask(command, { alert }));
    await asked.reload();
  };
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
                    {alert.title}
                    <span class="soft mono">{`#${alert.id} · ${alert.subject}`}</span>
                  </td>
                  <td class="state">
                    <Tag tone={STATES[alert.state].tone}>{say(STATES[alert.state].zh, STATES[alert.state].en)}</Tag>
                    {alert.owner && <span class="soft reason">{alert.owner}</span>}
                  </td>
                  <td class="when">{when(alert.openedAt)}</td>
                  <td class="act">
                    {alert.state === 'open' && (
                      <Confirm words={say('认领', 'Take')} onDo={act('alerts.ack', alert.id)} />
                    )}{' '}
                    {alert.state !== 'handled' && (
                      <Confirm words={say('已处理', 'Done')} onDo={act('alerts.done', alert.id)} />
                    )}
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
