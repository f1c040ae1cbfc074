import { useState } from 'preact/hooks';
import { useLanguage } from '../../shared/language.tsx';
import { Table } from '../../shared/Table.tsx';
import { ask } from '../command.ts';
import { Confirm } from '../parts/Confirm.tsx';
import { DisputeDue, DisputeResult } from '../parts/DisputeState.tsx';
import { Facts } from '../parts/Facts.tsx';
import { Choice, Field } from '../parts/Field.tsx';
import { useNotices } from '../parts/Notices.tsx';
import { Page, WhenThere } from '../parts/Page.tsx';
import { addressOf } from '../route.tsx';
import { shownName, yuan } from '../rules/money.ts';
import { useCommand } from '../useCommand.ts';
import { useWhen } from '../when.ts';
import type { DisputeWhole } from '../wire.ts';

/** One dispute: the line as it was frozen with all it was computed from, and its answer. */
export function DisputePage({ id }: { id: string }) {
  const { say } = useLanguage();
  const asked = useCommand<DisputeWhole>('rewards.disputed', { dispute: id }, ['audit']);
  return (
    <Page
      title={asked.answer?.title ?? say(`申诉 #${id}`, `Dispute #${id}`)}
      back={{ words: say('奖励申诉', 'Disputes'), to: addressOf(['disputes']) }}
    >
      <WhenThere asked={asked}>
        {(whole) => (
          <div class="two">
            <FrozenLine {...whole} />
            <section class="card">
              <Raised {...whole} />
              {whole.dispute.state === 'open' && <AnswerForm {...whole} onDone={asked.reload} />}
            </section>
          </div>
        )}
      </WhenThere>
    </Page>
  );
}

function FrozenLine({ dispute, campaignTitle }: DisputeWhole) {
  const { lang, say } = useLanguage();
  const when = useWhen();
  const { number, version, decision, contract, lines, notCounted, ledger } = dispute.line;
  const right = (label: string) => ({ label, align: 'right' as const });
  const left = (label: string) => ({ label, align: 'left' as const });
  const noted = lines.some(({ reason }) => reason !== null);
  return (
    <section class="card">
      <h2>{say('冻结的这一条', 'The line as it was')}</h2>
      <p class="form-hint">
        {say(
          `${when(dispute.raisedAt)} 提出申诉时的样子，之后的变动不在这里。`,
          `As it was when it was disputed, ${when(dispute.raisedAt)}; what changed later is not here.`,
        )}
      </p>
      <Facts
        facts={[
          [say('管家', 'Housekeeper'), shownName(decision.person)],
          [say('活动', 'Campaign'), `${campaignTitle} · ${say(`规则第 ${version} 版`, `rules version ${version}`)}`],
          [say('合同', 'Contract'), number],
          [say('工单', 'Work order'), contract.workOrder],
          [say('签约日', 'Signed on'), contract.signedDay],
          [
            say('单别', 'Kind'),
            decision.orderType === 'platform' ? say('平台单', 'platform') : say('自引单', 'self-referral'),
          ],
          [say('签约金额', 'Signed'), `${yuan(decision.amountFen)} ${say('元', 'yuan')}`],
          [say('计入', 'Counts'), `${yuan(decision.countedFen)} ${say('元', 'yuan')}`],
          [
            say('到这一单', 'Up to it'),
            say(
              `第 ${decision.count} 单，累计计入 ${yuan(decision.countedSumFen)} 元`,
              `contract ${decision.count}, ${yuan(decision.countedSumFen)} yuan counted`,
            ),
          ],
          [
            say('这一单得奖', 'It won'),
            decision.rewards.map(({ name, paidFen }) => `${name} ${yuan(paidFen)}`).join(' + ') ||
              say('没有', 'nothing'),
          ],
          [
            say('当时台账', 'Ledger then'),
            `${yuan(ledger.reduce((sum, { amountFen }) => sum + amountFen, 0))} ${say('元', 'yuan')}`,
          ],
        ]}
      />
      <h2>{say('计算依据', 'What it was computed from')}</h2>
      <Table
        label={say('计算依据', 'What it was computed from')}
        columns={[
          right('#'),
          left(say('合同', 'Contract')),
          left(say('签约日', 'Signed on')),
          right(say('签约', 'Signed')),
          right(say('计入', 'Counts')),
          ...(noted ? [left(say('说明', 'Note'))] : []),
        ]}
        rows={lines.map((one) => [
          String(one.ordinal),
          one.number,
          one.signedDay ?? '—',
          yuan(one.amountFen),
          yuan(one.countedFen),
          ...(noted ? [one.reason?.[lang] ?? ''] : []),
        ])}
      />
      {notCounted.length > 0 && (
        <p class="form-hint">
          {say(`未计入 ${notCounted.length} 份：`, `Not counted, ${notCounted.length}: `)}
          {notCounted.map((one) => `${one.number}（${one.reason[lang]}）`).join(say('、', ', '))}
        </p>
      )}
    </section>
  );
}

function Raised({ dispute }: DisputeWhole) {
  const { say } = useLanguage();
  const when = useWhen();
  return (
    <>
      <h2>{say('申诉', 'Dispute')}</h2>
      <Facts
        facts={[
          [say('提出人', 'Raised by'), dispute.raisedName],
          [say('时间', 'When'), when(dispute.raisedAt)],
          [say('原因', 'Reason'), dispute.reason],
          dispute.state === 'open'
            ? [say('期限', 'Until'), <DisputeDue dispute={dispute} />]
            : [say('结果', 'Result'), <DisputeResult dispute={dispute} />],
          [say('答复人', 'Answered by'), dispute.resolvedBy && `${dispute.resolvedBy} · ${when(dispute.resolvedAt)}`],
        ]}
      />
    </>
  );
}

function AnswerForm({ dispute, awards, own, onDone }: DisputeWhole & { onDone: () => Promise<void> }) {
  const { say } = useLanguage();
  const { run } = useNotices();
  const won = dispute.line.decision.rewards[0]?.name;
  const [award, setAward] = useState(won ?? awards[0]?.name ?? '');
  const [pays, setPays] = useState('');
  const [answer, setAnswer] = useState('');
  if (own)
    return <p class="form-hint">{say('自己的申诉要由别人处理。', 'Your own is for somebody else to answer.')}</p>;
  const chosen = awards.find(({ name }) => name === award);
  const sound = /^\d+(\.\d{1,2})?$/.test(pays.trim()) && chosen !== undefined;
  const act = async (command: string, args: object) => {
    await run(() => ask(command, { dispute: dispute.id, ...args, ...(answer.trim() && { answer: answer.trim() }) }));
    await onDone();
  };
  const paysFen = Math.round(Number(pays) * 100);
  return (
    <div class="form">
      <h2>{say('答复', 'Answer')}</h2>
      <div class="form-row">
        <Choice
          label={say('奖项', 'Award')}
          value={award}
          options={awards.map(({ name, heldFen }) => ({
            value: name,
            words: say(`${name}（现在 ${yuan(heldFen)} 元）`, `${name} (${yuan(heldFen)} yuan now)`),
          }))}
          onChange={setAward}
        />
        <Field
          label={say('改为（元）', 'Then pays (yuan)')}
          value={pays}
          onInput={setPays}
          inputMode="decimal"
          hint={
            chosen && say(`规则写的是 ${yuan(chosen.rulePaysFen)} 元`, `the rule says ${yuan(chosen.rulePaysFen)} yuan`)
          }
        />
      </div>
      <Field
        label={say('理由', 'Why')}
        value={answer}
        onInput={setAnswer}
        hint={say('提出人会看到；驳回一定要写', 'the person reads it; a refusal needs one')}
      />
      <div class="form-foot">
        <Confirm
          words={say('驳回', 'Refuse')}
          disabled={answer.trim() === ''}
          question={say(`驳回申诉 #${dispute.id}？奖励不变。`, `Refuse dispute #${dispute.id}? Nothing changes.`)}
          onDo={() => act('rewards.refuse', {})}
        />
        <Confirm
          kind="main"
          words={say('同意更正', 'Grant')}
          disabled={!sound}
          question={
            chosen && sound
              ? say(
                  `${award} ${yuan(chosen.heldFen)} → ${yuan(paysFen)} 元，记入台账并通知 ${dispute.raisedName}。`,
                  `${award} ${yuan(chosen.heldFen)} → ${yuan(paysFen)} yuan: booked, and ${dispute.raisedName} is told.`,
                )
              : undefined
          }
          onDo={() => act('rewards.resolve', { pays: Number(pays), award })}
        />
      </div>
    </div>
  );
}
