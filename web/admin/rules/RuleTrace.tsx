import { useState } from 'preact/hooks';
import { Button } from '../../shared/Button.tsx';
import { Dialog } from '../../shared/Dialog.tsx';
import { useLanguage } from '../../shared/language.tsx';
import { Table } from '../../shared/Table.tsx';
import { Choice } from '../parts/Field.tsx';
import { WhenThere } from '../parts/Page.tsx';
import { useCommand } from '../useCommand.ts';
import { shownName, yuan } from './money.ts';
import type { DifferenceJson, MonthJson, TraceJson } from './wire.ts';

interface RuleTraceProps {
  person: DifferenceJson;
  months: readonly MonthJson[];
  document: string;
  version: number;
  onClose: () => void;
}

type Won = TraceJson['decisions'][number]['rewards'];

/** Contract by contract, how one person comes to his sum under an edition, and what the rules that hold give. */
export function RuleTrace({ person, months, document, version, onClose }: RuleTraceProps) {
  const { say } = useLanguage();
  const [campaign, setCampaign] = useState(months[0]?.key ?? '');
  const whose = { campaign, person: person.personId };
  const asked = useCommand<TraceJson>('rewards.trace', { ...whose, document, version });
  const holds = useCommand<TraceJson>('rewards.trace', whose);
  const words = say(`${shownName(person.person)} 怎么算的`, `How ${shownName(person.person)} gets it`);
  const won = (rewards: Won | undefined) =>
    rewards?.map(({ name, paidFen }) => `${name} ${yuan(paidFen)}`).join(' + ') || '—';
  const right = (label: string) => ({ label, align: 'right' as const });
  const left = (label: string) => ({ label, align: 'left' as const });
  return (
    <Dialog label={words} kind="wide" onClose={onClose}>
      <header class="dialog-head">
        <h2>{words}</h2>
        <Button kind="quiet" onPress={onClose}>
          {say('关闭', 'Close')}
        </Button>
      </header>
      {months.length > 1 && (
        <Choice
          label={say('活动', 'Campaign')}
          value={campaign}
          options={months.map((one) => ({ value: one.key, words: one.title }))}
          onChange={setCampaign}
        />
      )}
      <WhenThere
        asked={asked}
        empty={({ decisions }) => decisions.length === 0 && say('这个月没有他的合同。', 'No contracts in this month.')}
      >
        {({ decisions }) => (
          <Table
            label={words}
            columns={[
              left(say('合同', 'Contract')),
              left(say('签约日', 'Signed on')),
              right(say('签约金额', 'Signed')),
              right(say('计入', 'Counts')),
              right(say('第几单', 'n-th')),
              right(say('累计计入', 'Sum')),
              left(say('这一版得奖', 'Wins here')),
              left(say('现在得奖', 'Wins now')),
            ]}
            rows={decisions.map((one) => [
              one.number ?? one.contractId,
              one.signedDay ?? '—',
              yuan(one.amountFen),
              yuan(one.countedFen),
              String(one.count),
              yuan(one.countedSumFen),
              won(one.rewards),
              won(holds.answer?.data.decisions.find((other) => other.contractId === one.contractId)?.rewards),
            ])}
          />
        )}
      </WhenThere>
    </Dialog>
  );
}
