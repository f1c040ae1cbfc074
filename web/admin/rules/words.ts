import type { Lang } from '../../../src/core/message.ts';

/** The parts of a campaign as people call them; English takes the key. `holder.key` where a key has several meanings. */
const PARTS: Record<string, string> = {
  city: '城市',
  provinces: '省份代码（逗号分开）',
  periods: '活动期',
  key: '编号',
  title: '名称',
  from: '从（含）',
  to: '到（含）',
  each: '每个自然月各算各的',
  person: '以谁计奖',
  contracts: '合同',
  sources: '来源',
  'sources.selfReferral': '自引单的来源代码',
  only: '只算这些来源代码',
  take: '算哪些合同',
  order: '处理顺序',
  historical: '历史合同只占额度',
  caps: '计入业绩',
  platform: '平台单',
  selfReferral: '自引单',
  contract: '单合同上限（元，none 为不限）',
  workOrder: '同一工单合计上限（元，none 为不限）',
  awards: '奖励',
  numbered: '按活动单号',
  first: '前几单',
  endsIn: '单号尾数',
  bands: '按签约金额分档',
  'bands.from': '签约金额从（元）',
  name: '奖项名',
  pays: '奖金（元）',
  every: '每几单一次',
  count: '每几单',
  of: '看哪些合同',
  tiers: '达标档',
  unlock: '先要满几单',
  measure: '按什么达标',
  steps: '各档',
  at: '达到（元）',
  perAddress: '每个项目地址首单',
  badges: '徽章',
  badge: '徽章名',
  doubles: '有徽章的人达标奖加倍',
  legacy: '与旧系统一致的错（新活动不要用）',
  sums: '累计取整到元',
  workOrderCap: '工单上限按签约额',
  tiersOf: '达标实际看的合同',
  countedSum: '累计按签约时间显示',
  announce: '喜报',
  channel: '发到频道',
  template: '消息模板',
  notice: '通知',
  'notice.person': '私信本人',
  copy: '抄送频道',
  nudge: '差一单提醒',
  everyDays: '几天内最多一次',
  disputes: '申诉',
  workdays: '几个工作日内答复',
};

const VALUES: Record<string, { zh: string; en: string }> = {
  all: { zh: '全部', en: 'all' },
  platform: { zh: '平台单', en: 'platform' },
  selfReferral: { zh: '自引单', en: 'self-referral' },
  counted: { zh: '计入业绩', en: 'counted sum' },
  signed: { zh: '签约金额', en: 'signed sum' },
  'take.signed': { zh: '本城在活动期签的', en: 'those signed in the period' },
  assigned: { zh: '为本活动导入的', en: 'those imported for it' },
  arrival: { zh: '到达先后', en: 'arrival' },
  signingTime: { zh: '签约时间', en: 'signing time' },
  housekeeper: { zh: '管家', en: 'housekeeper' },
  provider: { zh: '服务商', en: 'provider' },
  none: { zh: '没有奖励，只发喜报', en: 'none, only good news' },
  delivered: { zh: '用来源给的计入金额', en: 'as the source gives it' },
};

/** The name of the part at a place. */
export function partWords(path: readonly (string | number)[], lang: Lang): string {
  const keys = path.filter((one) => typeof one === 'string');
  const [key = '', holder = ''] = keys.reverse();
  if (lang === 'en') return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return PARTS[`${holder}.${key}`] ?? PARTS[key] ?? key;
}

export function valueWords(key: string, value: string, lang: Lang): string {
  return (VALUES[`${key}.${value}`] ?? VALUES[value])?.[lang] ?? value;
}
