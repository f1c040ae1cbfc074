const WORDS: Readonly<Record<string, string>> = {
  read: '读取',
  new: '新',
  said: '通知',
  skipped: '跳过',
  added: '新增',
  changed: '更改',
  unchanged: '未变',
  updated: '更新',
  repeated: '重复',
  rejected: '无法读取',
  refused: '被拒',
  withdrawn: '撤回',
  deactivated: '停用',
  doubtful: '存疑',
  due: '到期',
  rested: '暂停',
  failed: '失败',
  partial: '不全',
  retries: '重试',
  removed: '删除',
  forgotten: '清理',
  warned: '预警',
  breached: '超时',
  over: '结束',
  praised: '表扬',
  campaigns: '活动',
  contracts: '合同',
  booked: '入账',
  announced: '喜报',
  noticed: '奖励通知',
  drivers: '司机',
  orders: '订单',
  missing: '缺失',
  recovered: '恢复',
};

/** What a run has counted: 读取 12 · 新 3, read 12 · new 3; — where it counted nothing. */
export function countWords(counts: Record<string, number> | null, say: (zh: string, en: string) => string): string {
  const words = Object.entries(counts ?? {}).map(([what, count]) => `${say(WORDS[what] ?? what, what)} ${count}`);
  return words.join(' · ') || '—';
}
