import { yuanShort } from '../../core/money.ts';
import type { AddressRule, Campaign, CapRule, EveryRule, NumberedRule, Scope, TierRule, TierStep } from './campaign.ts';

/** The same words in both languages. */
export interface Said {
  zh: string;
  en: string;
}

/** The rule of a tier: 10 单且计入业绩满 100,000 元. */
export function tierWords(tiers: TierRule, step: TierStep): Said {
  const { zh, en } = SCOPES[tiers.of];
  const counted = tiers.measure === 'counted';
  const at = yuanShort(step.atFen);
  return {
    zh: `${tiers.unlock} 单${zh}且${zh}${counted ? '计入业绩' : '签约金额'}满 ${at} 元`,
    en: `at least ${tiers.unlock} ${en}contract${tiers.unlock === 1 ? '' : 's'} and ${at} yuan ${counted ? 'counted' : 'signed'} in them`,
  };
}

/** The rule of a lucky award: 平台单每 5 单一次. */
export function everyWords({ count, of }: EveryRule): Said {
  const { zh, en } = SCOPES[of];
  return { zh: `${zh}每 ${count} 单一次`, en: `every ${count === 1 ? '' : `${ordinal(count)} `}${en}contract` };
}

/** The rule of a running number: 活动第 10 单以内；活动单号末位为 8，且签约满 10,000 元. */
export function numberedWords({ first, endsIn }: NumberedRule, { fromFen }: NumberedRule['bands'][number]): Said {
  const zh = first === null ? `活动单号末位为 ${endsIn}` : `活动前 ${first} 单`;
  const en = first === null ? `running number ending in ${endsIn}` : `among the activity's first ${first} contracts`;
  if (fromFen === null) return { zh, en };
  return {
    zh: `${zh}，且签约满 ${yuanShort(fromFen)} 元`,
    en: `${en}, with at least ${yuanShort(fromFen)} yuan signed`,
  };
}

/** The rule of a red packet: 自引单的每个项目地址一次. */
export function addressWords({ of }: AddressRule): Said {
  const { zh, en } = SCOPES[of];
  return {
    zh: `${zh ? `${zh}的` : ''}每个项目地址一次`,
    en: `the first ${en}contract at each project address`,
  };
}

/** How an amount becomes a counted amount: 单合同上限 50,000；同一工单合计上限 50,000. */
export function countingWords({ caps }: Campaign): Said {
  const platform = capWords(caps.platform);
  const own = capWords(caps.selfReferral);
  if (platform.zh === own.zh) return platform;
  return {
    zh: `平台单：${platform.zh}。自引单：${own.zh}`,
    en: `platform: ${platform.en}; self-referral: ${own.en}`,
  };
}

/** 平台单 / 自引单, and nothing where all contracts are meant; the English word has its blank. */
export const SCOPES: Record<Scope, Said> = {
  all: { zh: '', en: '' },
  platform: { zh: '平台单', en: 'platform ' },
  selfReferral: { zh: '自引单', en: 'self-referral ' },
};

function capWords({ contractFen, workOrderFen }: CapRule): Said {
  const zh: string[] = [];
  const en: string[] = [];
  if (contractFen !== null) {
    zh.push(`单合同上限 ${yuanShort(contractFen)}`);
    en.push(`at most ${yuanShort(contractFen)} of one contract`);
  }
  if (workOrderFen !== null) {
    zh.push(`同一工单合计上限 ${yuanShort(workOrderFen)}`);
    en.push(`at most ${yuanShort(workOrderFen)} of one work order`);
  }
  return zh.length > 0 ? { zh: zh.join('；'), en: en.join(', ') } : { zh: '不设上限', en: 'no cap' };
}

function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${(!teen && ['', 'st', 'nd', 'rd'][n % 10]) || 'th'}`;
}
