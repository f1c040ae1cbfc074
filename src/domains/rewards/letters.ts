import type { Words } from '../../core/context.ts';
import { type Lang, pick } from '../../core/message.ts';
import type { Letter } from '../../core/outbox.ts';
import { correctionNotice, goodNews, rewardNotice } from './announcements.ts';
import type { Standing } from './campaigns.ts';
import { type Cause, causeWords } from './cause.ts';
import type { DueLine, LedgerLine } from './ledger.ts';
import type { Decision } from './model.ts';

/** What a settling has to tell. */
export interface News {
  /** Contracts to announce to the group. */
  contracts: readonly Decision[];
  /** Those that were settled quietly before: their awards are booked and still to be told. */
  told: readonly Decision[];
  lines: readonly DueLine[];
  causeOf(line: LedgerLine): Cause;
}

/** Letters under keys that name the event: the same event again is the same letter. */
export function lettersFor(words: Words, standing: Standing, { contracts, told, lines, causeOf }: News): Letter[] {
  const { campaign } = standing;
  const key = (...parts: (string | number)[]) => ['rewards', campaign.key, ...parts].join('/');
  const letters: Letter[] = contracts
    .filter((decision) => !decision.historical)
    .map((decision) => ({
      key: key('good-news', decision.contractId),
      to: `channel:${campaign.announce.channel}`,
      class: 'broadcast',
      message: (lang) => goodNews(decision, standing, words, lang),
    }));
  if (!campaign.notice.person) return letters;
  const notice = (to: string, name: string, message: Letter['message']) => {
    letters.push({ key: name, to, class: 'notice', message });
    if (campaign.notice.copy) {
      letters.push({ key: `${name}/copy`, to: `channel:${campaign.notice.copy}`, class: 'notice', message });
    }
  };
  // What a dispute brought is a correction, also where there was nothing before.
  const corrects = (line: DueLine) => line.entry > 1 || causeOf(line).kind === 'dispute';
  for (const { decision, awardKeys } of awardsToTell(
    standing,
    told,
    lines.filter((line) => !corrects(line)),
  )) {
    const rewards = decision.rewards.filter((reward) => awardKeys === 'all' || awardKeys.has(reward.awardKey));
    const first = rewards[0];
    if (!first) continue;
    notice(
      addressee(standing, decision.contractId, decision.personId),
      key('award', decision.personId, first.awardKey),
      (lang) => rewardNotice(decision, rewards, standing, words, lang),
    );
  }
  for (const line of lines.filter(corrects)) {
    notice(
      addressee(standing, line.contractId, line.person),
      key('award', line.person, line.awardKey, line.entry),
      (lang) => correctionNotice(line, whyWords(causeOf(line), lang), standing, words, lang),
    );
  }
  return letters;
}

function whyWords(cause: Cause, lang: Lang): string {
  const words = causeWords(cause, lang);
  return cause.answer ? pick(lang, `${words}：${cause.answer}`, `${words}: ${cause.answer}`) : words;
}

/** Contracts whose awards are new, in order, and which of their awards are. */
function awardsToTell(standing: Standing, told: readonly Decision[], lines: readonly LedgerLine[]) {
  const due = new Map<string, 'all' | Set<string>>();
  for (const { entry, contractId, awardKey } of lines) {
    if (entry !== 1 || contractId === null) continue;
    const known = due.get(contractId);
    if (known && known !== 'all') known.add(awardKey);
    else due.set(contractId, new Set([awardKey]));
  }
  for (const decision of told) due.set(decision.contractId, 'all');
  return [...due]
    .flatMap(([contractId, awardKeys]) => {
      const decision = standing.decisionOf.get(contractId);
      return decision ? [{ decision, awardKeys }] : [];
    })
    .toSorted((a, b) => a.decision.sequence - b.decision.sequence);
}

/** A person is known by his housekeeper id; where the source gives none, the letter waits until the name is linked. */
function addressee({ decisionOf, byPerson }: Standing, contractId: string | null, person: string): string {
  const own = contractId === null ? undefined : decisionOf.get(contractId);
  return `housekeeper:${own?.contract.housekeeperId ?? byPerson.get(person)?.[0]?.contract.housekeeperId ?? person}`;
}
