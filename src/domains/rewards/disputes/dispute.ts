import type { Ask } from '../../../core/command.ts';
import type { Context } from '../../../core/context.ts';
import { AskerError, ForbiddenError } from '../../../core/errors.ts';
import { isWorkday } from '../../../core/holidays.ts';
import { asData, type Lang, pick } from '../../../core/message.ts';
import { type Fen, yuan } from '../../../core/money.ts';
import { addDays, instantOf, today } from '../../../core/time.ts';
import type { Campaign } from '../campaign.ts';
import { readCampaigns, standingOf } from '../campaigns.ts';
import { explain } from '../explain.ts';
import { capTrace, decisionJson } from '../model.ts';
import { settleAll } from '../settle.ts';
import { ledgerOf } from '../store.ts';
import { disputeCard } from './cards.ts';
import { awardNames, awardOf } from './grant.ts';
import type { Line } from './line.ts';
import * as store from './store.ts';

const MINUTE = 60_000;

/**
 * Freezes a line with its inputs, and tells the leads of the city until somebody takes it or it is answered.
 * @throws AskerError where it is disputed already
 */
export async function raise({ asker, context, lang, record }: Ask, line: Line, reason: string): Promise<store.Dispute> {
  const { db, clock } = context;
  const { standing, decision } = line;
  const { campaign } = standing;
  const frozen = await freeze(context, line);
  const dueAt = deadline(context, campaign.disputeWorkdays);
  const to = await whoSees(context, campaign);
  const minutes = (dueAt.getTime() - clock.now().getTime()) / MINUTE;
  return db.$transaction(async (tx) => {
    const open = await store.openDispute(tx, decision.contractId, decision.personId);
    if (open) {
      throw new AskerError(
        pick(lang, `这份合同的申诉 #${open.id} 还在处理中。`, `Dispute #${open.id} about this contract is still open.`),
      );
    }
    const dispute = await store.addDispute(tx, {
      campaign: campaign.key,
      person: decision.personId,
      contractId: decision.contractId,
      line: JSON.stringify(frozen),
      reason,
      raisedBy: asker.personId ?? '',
      raisedName: asker.name,
      raisedAt: clock.now(),
      dueAt,
    });
    const message = (lang: Lang) => disputeCard(dispute, campaign, clock.zone, lang);
    await context.alerts.open(
      [
        {
          key: alertKey(dispute.id),
          kind: 'rewards.dispute',
          subject: `dispute:${dispute.id}`,
          message,
          steps: [
            { after: 0, to },
            { after: Math.floor(minutes / 2), to },
            { after: Math.floor(minutes), to: [...new Set([...to, 'channel:admins'])] },
          ],
        },
      ],
      tx,
    );
    await record({ subject: `dispute:${dispute.id}`, after: { contract: decision.contractId, reason } }, tx);
    return dispute;
  });
}

/** What is written down: the line, the contracts that bear on it, the rule's edition and the ledger, as they are now. */
async function freeze({ db }: Context, { standing, own, decision }: Line) {
  const { campaign } = standing;
  const explanation = explain(campaign, own, { contractId: decision.contractId });
  const ledger = await ledgerOf(db, campaign.key, decision.personId);
  return asData({
    number: decision.contract.number ?? decision.contractId,
    version: campaign.version,
    rules: campaign.hash,
    decision: { ...decisionJson(decision), caps: capTrace(decision) },
    contract: decision.contract,
    lines: explanation?.lines ?? [],
    notCounted: explanation?.notCounted ?? [],
    ledger: ledger.map(({ id, awardKey, entry, amountFen, cause }) => ({ id, awardKey, entry, amountFen, cause })),
  });
}

/** Six in the evening of the last of so many workdays. */
function deadline({ clock }: Context, workdays: number): Date {
  let day = today(clock);
  for (let left = workdays; left > 0; ) {
    day = addDays(day, 1);
    if (isWorkday(day)) left--;
  }
  return instantOf(day, '18:00:00', clock.zone);
}

/** The leads of the city, else the campaign's manager, else the administrators. */
async function whoSees({ db }: Context, { city, notice }: Campaign): Promise<string[]> {
  const leads = await store.leadsOf(db, city);
  if (leads.length > 0) return leads.map(({ id }) => `person:${id}`);
  return [`channel:${notice.copy ?? 'admins'}`];
}

/** What becomes of a dispute: an award pays something else, or it stays as it is. */
export interface Answer {
  award?: string | undefined;
  paysFen?: Fen | undefined;
  answer?: string | undefined;
}

/**
 * Answers a dispute. Granted, the campaign is settled: the ledger gets a compensating entry, and the person hears what he
 * had and what he has. @throws AskerError; ForbiddenError where it is one's own
 */
export async function resolve(ask: Ask, id: number, wish: Answer): Promise<store.Dispute> {
  const { asker, context, lang, record } = ask;
  const { db, clock } = context;
  const dispute = await store.disputeById(db, id);
  if (!dispute) throw new AskerError(pick(lang, `没有申诉 #${id}。`, `There is no dispute #${id}.`));
  if (dispute.raisedBy !== '' && dispute.raisedBy === asker.personId) {
    throw new ForbiddenError(
      pick(lang, '自己的申诉要由别人处理。', 'Your own dispute is for somebody else to answer.'),
    );
  }
  const { campaigns } = await readCampaigns(context);
  const campaign = campaigns.find(({ key }) => key === dispute.campaign);
  if (!campaign) throw new AskerError(pick(lang, `活动 ${dispute.campaign} 不在了。`, `${dispute.campaign} is gone.`));
  const granted = wish.paysFen === undefined ? null : await grantFor(context, campaign, dispute, wish, lang);
  const answered = {
    state: granted ? 'granted' : 'refused',
    answer: wish.answer ?? null,
    resolvedAt: clock.now(),
    resolvedBy: asker.name,
    ...granted,
  };
  const { number } = JSON.parse(dispute.line) as { number: string };
  await db.$transaction(async (tx) => {
    if (!(await store.resolveDispute(tx, id, answered))) {
      throw new AskerError(pick(lang, `申诉 #${id} 已经处理过了。`, `Dispute #${id} was answered before.`));
    }
    await context.alerts.close(alertKey(id), undefined, tx);
    if (!granted) {
      const facts = {
        id,
        contract: number,
        answer: wish.answer ?? '',
        by: asker.name,
      };
      const refusal = (lang: Lang) => {
        const said = context.words.say('rewards/dispute-refused', lang, facts);
        return { title: said.title, blocks: [{ type: 'text' as const, text: said.text }], lang };
      };
      await context.outbox.post(
        {
          key: `rewards/dispute/${id}/answer`,
          to: `person:${dispute.raisedBy}`,
          class: 'notice',
          message: refusal,
        },
        tx,
      );
    }
    await record({ subject: `dispute:${id}`, before: { state: 'open' }, after: answered }, tx);
  });
  if (granted) await settleAll(context, { campaign: campaign.key, announce: false });
  return { ...dispute, awardKey: null, awardType: null, awardName: null, wasFen: null, paysFen: null, ...answered };
}

async function grantFor(
  context: Context,
  campaign: Campaign,
  dispute: store.Dispute,
  { award, paysFen = 0 }: Answer,
  lang: Lang,
) {
  const standing = await standingOf(context, campaign);
  const decision = standing.decisionOf.get(dispute.contractId);
  if (!decision) {
    throw new AskerError(
      pick(lang, '这份合同已不计入该活动，无法更正奖励。', 'The contract does not count in the campaign any more.'),
    );
  }
  const names = awardNames(campaign);
  const [only] = decision.rewards;
  const name = award ?? (decision.rewards.length === 1 ? only?.name : undefined);
  const known = name === undefined ? null : awardOf(campaign, name, decision.contract);
  if (name === undefined || !known) {
    throw new AskerError(pick(lang, `请写明哪一项奖励：${names.join('、')}`, `Say which award: ${names.join(', ')}`), {
      example: pick(lang, `处理申诉 ${dispute.id} 200 ${names[0]}`, `resolve dispute ${dispute.id} 200 ${names[0]}`),
    });
  }
  const held = (await ledgerOf(context.db, campaign.key, dispute.person))
    .filter(({ awardKey }) => awardKey === known.awardKey)
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
  if (held === paysFen) {
    throw new AskerError(
      pick(lang, `${name} 现在就是 ${yuan(held)} 元，无需更正。`, `${name} is ${yuan(held)} yuan already.`),
    );
  }
  return { awardKey: known.awardKey, awardType: known.type, awardName: name, wasFen: held, paysFen };
}

function alertKey(id: number): string {
  return `rewards/dispute/${id}`;
}
