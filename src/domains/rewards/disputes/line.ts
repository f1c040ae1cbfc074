import type { Ask } from '../../../core/command.ts';
import { AskerError } from '../../../core/errors.ts';
import { pick } from '../../../core/message.ts';
import { subjectIds } from '../../../core/people.ts';
import { ownIds, readCampaigns, type Standing, standingOf } from '../campaigns.ts';
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
  const text = wanted.replace(/^[.…]+/, '').toUpperCase();
  const { campaigns } = await readCampaigns(context);
  const found: Line[] = [];
  for (const campaign of campaigns.filter(({ pays }) => pays).toSorted((a, b) => b.to.localeCompare(a.to))) {
    const standing = await standingOf(context, campaign);
    for (const decision of standing.decisions) {
      const { id, number } = decision.contract;
      if (!ids.includes(standing.housekeeperOf.get(id) ?? '')) continue;
      if (id.toUpperCase() !== text && !(number ?? id).toUpperCase().endsWith(text)) continue;
      found.push({ standing, decision, own: standing.byPerson.get(decision.personId) ?? [] });
    }
  }
  const exact = found.filter(({ decision: { contract } }) =>
    [contract.id.toUpperCase(), contract.number?.toUpperCase()].includes(text),
  );
  const [line, another] = exact.length > 0 ? exact : found;
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
  return line;
}
