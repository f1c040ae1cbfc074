import type { Ask } from '../../core/command.ts';
import { AskerError } from '../../core/errors.ts';
import { type MessageDraft, pick } from '../../core/message.ts';
import { atLeast, subjectIds } from '../../core/people.ts';
import { ageOf, chooseStanding, ownDecisions, ownIds, type Standing } from './campaigns.ts';
import { type Asked, explain } from './explain.ts';
import { findContracts } from './find-contract.ts';
import type { Decision } from './model.ts';
import { ledgerOf } from './store.ts';
import { whyCard } from './why-card.ts';

/**
 * 为什么: one award or one contract, explained from the stored contracts and held against the ledger.
 * Somebody below `lead` may ask about his own contracts alone.
 */
export async function why(ask: Ask, wanted: string | undefined): Promise<MessageDraft> {
  const { context, lang } = ask;
  const { standing, own, asked } = wanted ? await byContract(ask, wanted) : await byNewestAward(ask);
  const explanation = explain(standing.campaign, own, asked);
  if (!explanation) throw new AskerError(pick(lang, '这笔奖励已被更正，不再有效。', 'This award was taken back.'));
  const person = own[0]?.personId ?? '';
  const ledger = await ledgerOf(context.db, standing.campaign.key, person);
  const facts = { explanation, ledger, age: await ageOf(context, standing), zone: context.clock.zone };
  return whyCard(facts, context.words, lang);
}

interface Found {
  standing: Standing;
  own: readonly Decision[];
  asked: Asked;
}

async function byNewestAward({ asker, lang, context }: Ask): Promise<Found> {
  const ids = ownIds(asker, lang);
  const standing = await chooseStanding(context, asker, lang, undefined);
  const own = ownDecisions(standing, ids);
  const last = own.findLast((decision) => decision.rewards.length > 0);
  const reward = last?.rewards[0];
  if (last && reward) return { standing, own: ofOnePerson(own, last), asked: { awardKey: reward.awardKey } };
  throw new AskerError(
    pick(
      lang,
      `你在「${standing.campaign.title}」还没有获奖。问「我的奖励」看还差多少。`,
      `You have won nothing in “${standing.campaign.title}” yet. Ask “my reward” to see what is missing.`,
    ),
    { choices: [{ label: pick(lang, '我的奖励', 'My rewards'), call: { command: 'rewards.mine', args: {} } }] },
  );
}

async function byContract({ asker, lang, context }: Ask, wanted: string): Promise<Found> {
  const seesAll = atLeast(asker.role, 'lead');
  const ids = seesAll ? subjectIds(asker, 'housekeeper') : ownIds(asker, lang);
  const found = await findContracts(
    context,
    wanted,
    (_, { contract }) => seesAll || ids.includes(contract.housekeeperId ?? ''),
  );
  const [one, another] = found;
  if (one && (!another || another.decision.contractId === one.decision.contractId)) {
    const { standing, decision } = one;
    return {
      standing,
      own: standing.byPerson.get(decision.personId) ?? [],
      asked: { contractId: decision.contractId },
    };
  }
  if (!one) {
    throw new AskerError(
      pick(
        lang,
        seesAll ? `没有合同「${wanted}」计入任何活动。` : `没有找到你的合同「${wanted}」。请核对合同编号。`,
        seesAll
          ? `No contract “${wanted}” counts in any campaign.`
          : `No contract “${wanted}” of yours was found. Check its number.`,
      ),
      { example: pick(lang, '为什么 TEST-BJ-2025000021', 'why TEST-BJ-2025000021') },
    );
  }
  throw new AskerError(
    pick(
      lang,
      `有 ${found.length} 份合同以「${wanted}」结尾，是哪一份？`,
      `${found.length} contracts end in “${wanted}”. Which one?`,
    ),
    {
      choices: found.slice(0, 3).map(({ decision: { contract } }) => ({
        label: contract.number ?? contract.id,
        call: { command: 'rewards.why', args: { contract: contract.id } },
      })),
    },
  );
}

function ofOnePerson(decisions: readonly Decision[], { personId }: Decision): Decision[] {
  return decisions.filter((decision) => decision.personId === personId);
}
