import { useLanguage } from '../../shared/language.tsx';
import { nowIso } from '../../shared/time.ts';
import { yuan } from '../rules/money.ts';
import { useWhen } from '../when.ts';
import type { DisputeJson } from '../wire.ts';
import { Tag } from './State.tsx';

/** Until when a dispute is to be answered. */
export function DisputeDue({ dispute: { dueAt } }: { dispute: DisputeJson }) {
  const { say } = useLanguage();
  const when = useWhen();
  const late = new Date(dueAt) < new Date(nowIso());
  return (
    <>
      <Tag tone={late ? 'bad' : 'warn'}>{late ? say('已过期', 'overdue') : say('待答复', 'waits')}</Tag>{' '}
      <span class="soft">{when(dueAt)}</span>
    </>
  );
}

/** What became of a dispute: what the award paid and pays, or that it stays as it was; and why. */
export function DisputeResult({ dispute: { state, awardName, wasFen, paysFen, answer } }: { dispute: DisputeJson }) {
  const { say } = useLanguage();
  return (
    <>
      {state === 'granted' ? (
        <>
          <Tag tone="good">{say('同意', 'granted')}</Tag>{' '}
          {`${awardName} ${wasFen === null ? '' : `${yuan(wasFen)} → `}${yuan(paysFen ?? 0)} ${say('元', 'yuan')}`}
        </>
      ) : (
        <Tag tone="plain">{say('驳回', 'refused')}</Tag>
      )}
      {answer && <span class="soft reason">{answer}</span>}
    </>
  );
}
