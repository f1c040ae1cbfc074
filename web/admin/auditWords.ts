type Say = (zh: string, en: string) => string;
type Words = readonly [zh: string, en: string];

/** What an action is about: the part of its name before the dot. */
export const AUDIT_KINDS: Readonly<Record<string, Words>> = {
  'sign-in': ['登录', 'Sign-in'],
  people: ['人员', 'People'],
  channels: ['频道', 'Channels'],
  templates: ['模板', 'Templates'],
  outbox: ['发送', 'Delivery'],
  jobs: ['任务', 'Jobs'],
  feeds: ['数据', 'Data'],
  calls: ['外呼', 'Calls'],
  rewards: ['奖励', 'Rewards'],
  sla: ['服务违规', 'Service'],
  alerts: ['提醒', 'Alerts'],
  console: ['试问', 'Try it'],
  sessions: ['登录会话', 'Sessions'],
  subscriptions: ['订阅', 'Subscriptions'],
  link: ['关联账号', 'Link an account'],
};

const VERBS: Readonly<Record<string, Words>> = {
  refused: ['被拒绝', 'refused'],
  save: ['保存', 'save'],
  remove: ['删除', 'remove'],
  link: ['关联账号', 'link an account'],
  subject: ['关联身份', 'link a subject'],
  code: ['生成登录码', 'make a code'],
  password: ['改密码', 'set a password'],
  import: ['导入', 'import'],
  ack: ['认领', 'take'],
  done: ['标记已处理', 'mark as handled'],
  hand: ['转交', 'hand over'],
  help: ['求助', 'ask for help'],
  end: ['结束', 'end'],
  close: ['关账', 'close'],
  grant: ['准予申诉', 'grant a dispute'],
  refuse: ['驳回申诉', 'refuse a dispute'],
  test: ['发测试消息', 'send a test'],
  draft: ['存草稿', 'keep a draft'],
  publish: ['发布', 'publish'],
  resend: ['重发', 'send again'],
  release: ['放行', 'release'],
  cancel: ['取消', 'cancel'],
  run: ['运行', 'run'],
  sync: ['同步', 'sync'],
  refresh: ['刷新', 'refresh'],
  'force-refresh': ['强制刷新', 'force a refresh'],
  ask: ['代问', 'ask as a person'],
};

const FIELDS: Readonly<Record<string, Words>> = {
  by: ['方式', 'by'],
  ip: ['网络地址', 'address'],
  name: ['姓名', 'name'],
  role: ['角色', 'role'],
  locale: ['语言', 'language'],
  city: ['城市', 'city'],
  title: ['名称', 'title'],
  address: ['地址', 'address'],
  state: ['状态', 'state'],
  version: ['版本', 'version'],
  text: ['内容', 'text'],
  reason: ['原因', 'reason'],
  line: ['问了', 'asked'],
  person: ['人员', 'person'],
  platform: ['平台', 'platform'],
  note: ['备注', 'note'],
  job: ['任务', 'job'],
  args: ['参数', 'arguments'],
  count: ['数量', 'count'],
};

/** `people.save` → 人员 · 保存; a part that has no words stays as it is. */
export function actionWords(action: string, say: Say): string {
  const [kind = '', ...rest] = action.split('.');
  const verb = rest.join('.');
  return [wordsOf(AUDIT_KINDS, kind, say), ...(verb ? [wordsOf(VERBS, verb, say)] : [])].join(' · ');
}

export const fieldWords = (name: string, say: Say): string => wordsOf(FIELDS, name, say);

function wordsOf(all: Readonly<Record<string, Words>>, name: string, say: Say): string {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  return found ? say(...found) : name;
}
