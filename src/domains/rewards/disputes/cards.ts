import { type Lang, type MessageDraft, pick } from '../../../core/message.ts';
import { yuan, yuanShort } from '../../../core/money.ts';
import { localMinute } from '../../../core/time.ts';
import type { Campaign } from '../campaign.ts';
import type { DecidedContract, decisionJson } from '../model.ts';
import { listed } from '../wording.ts';
import { awardNames } from './grant.ts';
import type { Line } from './line.ts';
import type { Dispute } from './store.ts';

/** What a dispute may be about: the second tap. */
const REASONS: readonly Record<Lang, string>[] = [
  { zh: '合同金额不对', en: 'the amount is wrong' },
  { zh: '合同没有计入', en: 'the contract was not counted' },
  { zh: '应该得奖没有得', en: 'an award is missing' },
  { zh: '归属或单别不对', en: 'the person or the kind is wrong' },
];

/** The line that is to be disputed, as it stands, with what may be wrong with it as buttons. */
export function reasonsCard({ standing, decision }: Line, lang: Lang): MessageDraft {
  const { contract, contractId, rewards, amountFen, countedFen } = decision;
  const number = contract.number ?? contractId;
  const won = rewards.length > 0 ? listed(rewards, lang) : pick(lang, '没有直接获奖', 'no award');
  return {
    title: pick(lang, `合同 ${number}：哪里不对？`, `Contract ${number}: what is wrong?`),
    lang,
    blocks: [
      {
        type: 'text',
        text: pick(
          lang,
          `${standing.campaign.title} · 签约 ${yuan(amountFen)} 元 · 计入 ${yuan(countedFen)} 元 · ${won}\n选一个原因，或直接写：申诉 ${number} 原因`,
          `${standing.campaign.title} · signed ${yuan(amountFen)} · counted ${yuan(countedFen)} · ${won}\nChoose a reason, or write: dispute ${number} REASON`,
        ),
      },
      {
        type: 'actions',
        buttons: REASONS.map((reason) => ({
          label: reason[lang],
          call: { command: 'rewards.dispute', args: { contract: contractId, reason: reason[lang] } },
        })),
      },
    ],
  };
}

/** A line as it was when it was disputed. */
export interface Frozen {
  number: string;
  version: number;
  decision: ReturnType<typeof decisionJson>;
  contract: DecidedContract;
  ledger: { id: number; awardKey: string; amountFen: number }[];
}

/** A dispute to the lead: the line as it was frozen, until when it is to be answered, and how. */
export function disputeCard(dispute: Dispute, campaign: Campaign, zone: string, lang: Lang): MessageDraft {
  const { id, raisedName, reason, dueAt } = dispute;
  const { number, version, decision, contract, ledger } = JSON.parse(dispute.line) as Frozen;
  const held = ledger.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const rewards = decision.rewards.map(({ name, paidFen }) => `${name} ${yuanShort(paidFen)}`).join('、');
  const example = awardNames(campaign)[0] ?? '';
  return {
    title: pick(
      lang,
      `奖励申诉 #${id}：${raisedName} · 合同 ${number}`,
      `Reward dispute #${id}: ${raisedName} · contract ${number}`,
    ),
    tone: 'warn',
    lang,
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: pick(lang, '原因', 'Reason'), value: reason },
          {
            label: pick(lang, '活动', 'Campaign'),
            value: `${campaign.title} · ${pick(lang, `规则第 ${version} 版`, `rules version ${version}`)}`,
          },
          {
            label: pick(lang, '签约', 'Signed'),
            value: `${yuan(decision.amountFen)}${contract.workOrder ? ` · ${contract.workOrder}` : ''}`,
          },
          { label: pick(lang, '计入', 'Counted'), value: yuan(decision.countedFen) },
          { label: pick(lang, '本合同奖励', 'Awards'), value: rewards || pick(lang, '无', 'none') },
          { label: pick(lang, '台账合计', 'Ledger'), value: yuan(held) },
          { label: pick(lang, '期限', 'Until'), value: localMinute(dueAt, zone) },
        ],
      },
      {
        type: 'text',
        text: pick(
          lang,
          `同意：处理申诉 ${id} 200 ${example}（这项奖励改为 200 元）；不同意：驳回申诉 ${id} 理由`,
          `Grant: resolve dispute ${id} 200 ${example} (it then pays 200 yuan); refuse: refuse dispute ${id} REASON`,
        ),
      },
    ],
  };
}

/** That a dispute was taken down, to whom raised it. */
export function raisedCard({ id, dueAt }: Dispute, zone: string, lang: Lang): MessageDraft {
  return {
    title: pick(lang, `申诉 #${id} 已提交`, `Dispute #${id} is filed`),
    tone: 'good',
    lang,
    blocks: [
      {
        type: 'text',
        text: pick(
          lang,
          `这一条和它的计算依据已冻结留底。主管会在 ${localMinute(dueAt, zone)} 前答复；如有更正，你会收到更正前后的金额。`,
          `The line and all it was computed from are kept as they are. A lead answers by ${localMinute(dueAt, zone)}; if it is corrected, you hear the amount before and after.`,
        ),
      },
    ],
  };
}
