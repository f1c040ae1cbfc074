import { expect, it } from 'vitest';
import { DataAge } from '../core/message.ts';
import { fixedClock } from '../core/time.ts';
import { ageLine } from './age.ts';

const clock = fixedClock('Asia/Shanghai', new Date('2026-11-20T14:20:00+08:00'));
const age = (fields: Partial<DataAge>) =>
  DataAge.parse({ at: '2026-11-20T06:20:00Z', source: 'cache', completeness: 'complete', ...fields });

it.each([
  [{}, '数据截至 14:20 · 缓存 · 完整', 'Data as of 14:20 · cache · complete'],
  [
    { at: '2026-11-19T15:59:00Z' },
    '数据截至 11-19 周四 23:59 · 缓存 · 完整',
    'Data as of 11-19 Thu 23:59 · cache · complete',
  ],
  [
    { at: '2025-10-17T01:30:00Z', source: 'ledger' },
    '数据截至 2025-10-17 09:30 · 台账 · 完整',
    'Data as of 2025-10-17 09:30 · ledger · complete',
  ],
  [
    { at: '2026-11-20T03:40:00Z', completeness: 'late' as const, note: '上游超时，成单可能偏低' },
    '数据截至 11:40 · 缓存 · 已迟 2 小时 · 上游超时，成单可能偏低',
    'Data as of 11:40 · cache · 2 h late · 上游超时，成单可能偏低',
  ],
  [
    { at: '2026-11-20T06:00:00Z', completeness: 'late' as const },
    '数据截至 14:00 · 缓存 · 已迟 20 分钟',
    'Data as of 14:00 · cache · 20 min late',
  ],
  [
    { completeness: 'partial' as const, source: '观客' },
    '数据截至 14:20 · 观客 · 不完整',
    'Data as of 14:20 · 观客 · incomplete',
  ],
  [
    { completeness: 'unknown' as const, source: '' },
    '数据截至 14:20 · 是否完整未知',
    'Data as of 14:20 · completeness unknown',
  ],
  [{ sample: true }, '数据截至 14:20 · 缓存 · 完整 · 示例数据', 'Data as of 14:20 · cache · complete · sample data'],
])('%j is said in both languages', (fields, zh, en) => {
  expect(ageLine(age(fields), 'zh', clock)).toBe(zh);
  expect(ageLine(age(fields), 'en', clock)).toBe(en);
});
