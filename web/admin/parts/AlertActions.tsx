import { useLanguage } from '../../shared/language.tsx';
import { ask } from '../command.ts';
import type { AlertState } from '../wire.ts';
import { Confirm } from './Confirm.tsx';
import { useNotices } from './Notices.tsx';

interface AlertActionsProps {
  alert: { id: number; state: AlertState };
  onDone: () => Promise<void>;
}

/** Taking an alert, and saying that it is done. */
export function AlertActions({ alert: { id, state }, onDone }: AlertActionsProps) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const act = (command: string) => async () => {
    await run(() => ask(command, { alert: String(id) }));
    await onDone();
  };
  return (
    <>
      {state === 'open' && <Confirm words={say('认领', 'Take')} onDo={act('alerts.ack')} />}{' '}
      {(state === 'open' || state === 'taken') && <Confirm words={say('已处理', 'Done')} onDo={act('alerts.done')} />}
    </>
  );
}
