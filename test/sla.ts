import type { EmulatedCard } from './emulators/metabase.ts';

/** Columns of the card of violations, with the headings that people see. */
export const VIOLATION_COLUMNS = [
  { name: '_id' },
  { name: 'orderNum', heading: '工单号' },
  { name: 'saCreateTime', heading: '工单创建时间' },
  { name: 'province' },
  { name: 'orgName', heading: '服务商' },
  { name: 'supervisorName', heading: '管家' },
  { name: 'msg', heading: '违规类型' },
  { name: 'memo', heading: '违规描述' },
  { name: 'createTime' },
];

/** A row of the card; the number makes the order. */
export function violation(n: number, more: Record<string, unknown> = {}): EmulatedCard['rows'][number] {
  return {
    _id: `bigint:${1_000_000_005_000_000_000n + BigInt(n)}`,
    orderNum: `GD${n}`,
    saCreateTime: '2025-10-16T09:30:40.000+08:00',
    province: '110000',
    orgName: n % 2 === 0 ? '甲服务' : '乙服务',
    supervisorName: '李师傅',
    msg: '首次联系超时',
    memo: '4 小时未联系',
    createTime: '2025-10-16T22:00:00+08:00',
    ...more,
  };
}

export const PROVIDERS = `
fallback: { channel: providers, lead: leads }
providers:
  - { name: 甲服务, channel: jia }
  - { name: 丙服务 }
  - { name: 丁服务, channel: ding, lead: english-leads }
`;

export const CHANNELS = `
channels:
  - { name: admins, address: "console:@admin" }
  - { name: providers, address: "console:providers", title: 服务商群 }
  - { name: jia, address: "console:jia", title: 甲的群 }
  - { name: leads, address: "console:leads", title: 主管群 }
  - { name: ding, address: "console:ding", lang: en }
  - { name: english-leads, address: "console:english", lang: en }
`;
