import type { Ask } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { pick } from '../../../core/message.ts';
import { subjectIds } from '../../../core/people.ts';
import { ownIds, type Standing } from '../campaigns.ts';
import { findContracts } from '../find-contract.ts';
import type { Decision } from '../model.ts';

/** The asker's own line that is disputed. */
export interface Line {
  standing: Standing;
  own: readonly Decision[];
  decision: Decision;
}

/** The asker's own contract, by its number or id, or how it ends. @throws AskerError where there is none, or several */
export async function ownLine({ asker, context, lang }: Ask, wanted: string): Promise<Line> {
  ownIds(asker, lang);
  const ids = subjectIds(asker, 'housekeeper');
  const found = await findContracts(
    context,
    wanted,
    ({ campaign }, { contract }) => campaign.pays && ids.includes(contract.housekeeperId ?? ''),
  );
  const [line, another] = found;
  if (!line) {
    throw new AskerError(pick(lang, `没有找到你的合同「${wanted}」。`, `No contract “${wanted}” of yours was found.`), {
      example: pick(lang, '申诉 TEST-BJ-2025000021 金额不对', 'dispute TEST-BJ-2025000021 the amount is wrong'),
    });
  }
  if (another && another.decision.contractId !== line.decision.contractId) {
    throw new AskerError(
      pick(
        lang,
        `有几份合同以「${wanted}」结尾，请写完整编号。`,
        `Several contracts end in “${wanted}”: write the whole number.`,
      ),
      {
        choices: found.slice(0, 3).map(({ decision: { contract } }) => ({
          label: contract.number ?? contract.id,
          call: { command: 'rewards.dispute', args: { contract: contract.id } },
        })),
      },
    );
  }
  const { standing, decision } = line;
  return { standing, decision, own: standing.byPerson.get(decision.personId) ?? [] };
}
