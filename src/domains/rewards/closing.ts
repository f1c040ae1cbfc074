import type { Context } from '../../core/context.ts';
import { AskerError } from '../../core/errors.ts';
import { groupBy } from '../../core/group.ts';
import { type Lang, pick } from '../../core/message.ts';
import type { Fen } from '../../core/money.ts';
import { today } from '../../core/time.ts';
import type { Campaign } from './campaign.ts';
import { documentsOf, type Frozen, isSample, readCampaigns, standingOf } from './campaigns.ts';
import { shownName } from './model.ts';
import { settleAll } from './settle.ts';
import * as store from './store.ts';

/** What a period pays to one person, in fen: its own awards, and corrections of earlier periods that were closed. */
export interface Payable {
  person: string;
  name: string;
  ownFen: Fen;
  correctionsFen: Fen;
  totalFen: Fen;
}

export interface Closing {
  campaign: Campaign;
  closedAt: Date | null;
  closedBy: string | null;
  /** By person; what adds up to nothing is left out. */
  payables: Payable[];
  totalFen: Fen;
}

/** How a period stands for paying. @throws AskerError where there is no such campaign */
export async function closingOf(context: Context, key: string, lang: Lang): Promise<Closing> {
  const campaign = await campaignNamed(context, key, lang);
  const state = await store.campaignState(context.db, campaign.key);
  const payables = await payablesOf(context, campaign);
  return {
    campaign,
    closedAt: state?.closedAt ?? null,
    closedBy: state?.closedBy ?? null,
    payables,
    totalFen: payables.reduce((sum, { totalFen }) => sum + totalFen, 0),
  };
}

/**
 * Settles a period a last time and locks it: its rules stay as they are, and whatever changes later is paid in the next.
 * @throws AskerError where it is not over, is closed already, or is of the sample
 */
export async function closeCampaign(context: Context, key: string, by: string, lang: Lang): Promise<Closing> {
  const campaign = await campaignNamed(context, key, lang);
  if (isSample(campaign)) {
    throw new AskerError(pick(lang, '示例活动不能关账。', 'A campaign of the sample cannot be closed.'));
  }
  if (campaign.to >= today(context.clock)) {
    throw new AskerError(
      pick(
        lang,
        `${campaign.key} 到 ${campaign.to} 才结束，还不能关账。`,
        `${campaign.key} runs until ${campaign.to}: it cannot be closed yet.`,
      ),
    );
  }
  if (await store.isClosed(context.db, campaign.key)) throw alreadyClosed(campaign, lang);
  await settleAll(context, { campaign: campaign.key, announce: false });
  const document = (await documentsOf(context)).find(({ file }) => file === campaign.file);
  if (!document) throw new Error(`${campaign.key} has no document`);
  const frozen: Frozen = { document, badges: await context.rules.documents('badges') };
  const locked = await store.lockCampaign(context.db, campaign.key, {
    closedAt: context.clock.now(),
    closedBy: by,
    frozen: JSON.stringify(frozen),
  });
  if (!locked) throw alreadyClosed(campaign, lang);
  return closingOf(context, campaign.key, lang);
}

function alreadyClosed({ key }: Campaign, lang: Lang): AskerError {
  return new AskerError(pick(lang, `${key} 已经关账。`, `${key} is closed already.`));
}

/** @throws AskerError where there is none */
async function campaignNamed(context: Context, key: string, lang: Lang): Promise<Campaign> {
  const { campaigns } = await readCampaigns(context);
  const campaign = campaigns.find((one) => one.key.toLowerCase() === key.toLowerCase());
  if (campaign) return campaign;
  throw new AskerError(pick(lang, `没有活动「${key}」。`, `There is no campaign “${key}”.`));
}

async function payablesOf(context: Context, campaign: Campaign): Promise<Payable[]> {
  const entries = await store.payableIn(context.db, campaign.key);
  const names = new Map<string, string>();
  const { campaigns } = await readCampaigns(context);
  for (const one of campaigns.filter(({ key }) => entries.some((entry) => entry.campaign === key))) {
    for (const { personId, person } of (await standingOf(context, one)).decisions) names.set(personId, person);
  }
  const sum = (some: typeof entries) => some.reduce((total, { amountFen }) => total + amountFen, 0);
  return [...groupBy(entries, ({ person }) => person)]
    .map(([person, own]) => {
      const ownFen = sum(own.filter((entry) => entry.campaign === campaign.key));
      const totalFen = sum(own);
      return {
        person,
        name: shownName(names.get(person) ?? person),
        ownFen,
        correctionsFen: totalFen - ownFen,
        totalFen,
      };
    })
    .filter(({ ownFen, correctionsFen }) => ownFen !== 0 || correctionsFen !== 0)
    .toSorted((a, b) => b.totalFen - a.totalFen || a.person.localeCompare(b.person));
}
