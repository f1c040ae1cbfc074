import { createHash } from 'node:crypto';
import { cellReader } from '../../core/cells.ts';
import { RowError } from '../../core/errors.ts';
import { momentOf } from '../../core/moment.ts';
import type { EventRow, OverdueContact, PendingRow } from './model.ts';

const pending = cellReader({
  orderNum: '工单号 orderNum 工单编号',
  customer: '客户 contactsName customer 客户姓名',
  address: '地址 address contactsAddress 客户地址',
  person: '负责人 supervisorName person 管家',
  createdAt: '创建时间 createTime createdAt',
  provider: '服务商 orgName provider',
  status: '工单状态 orderStatus status 状态',
});

/** A waiting order. @throws RowError where number, provider, status or creation is missing or unreadable */
export function readPending(values: Record<string, unknown>, zone: string): PendingRow {
  const row = pending(values);
  const [orderNum, status] = [row.needed('orderNum'), row.needed('status')];
  return {
    id: `${orderNum}::${status}`,
    orderNum,
    customer: row.text('customer'),
    address: row.text('address'),
    person: row.text('person'),
    provider: row.needed('provider'),
    status,
    createdAt: instant(row.needed('createdAt'), zone),
  };
}

const technician = cellReader({
  id: '变更ID id _id',
  at: '时间 updateTime createTime time',
  person: '技师 师傅 name technician userName',
  provider: '公司 服务商 orgName company',
  action: '内容 变更内容 content updateContent',
});

/** An on-line or off-line change of a technician. @throws RowError where anything but the company is missing */
export function readTechnician(values: Record<string, unknown>, zone: string): EventRow {
  const row = technician(values);
  return {
    id: `technician/${row.needed('id')}`,
    kind: 'technician',
    at: instant(row.needed('at'), zone),
    person: row.needed('person'),
    provider: row.text('provider'),
    action: listed(row.needed('action')),
  };
}

const housekeeper = cellReader({
  at: '时间 createTime',
  person: '管家 createUserName',
  action: '动作 operation',
});

/** What a housekeeper did to his being on-line. It has no id: the same person, time and action is the same event. */
export function readHousekeeper(values: Record<string, unknown>, zone: string): EventRow {
  const row = housekeeper(values);
  const event = {
    at: instant(row.needed('at'), zone),
    person: row.needed('person'),
    action: listed(row.needed('action')),
  };
  const parts = JSON.stringify([event.at.toISOString(), event.person, event.action]);
  const hash = createHash('sha256').update(parts).digest('hex').slice(0, 24);
  return { id: `housekeeper/${hash}`, kind: 'housekeeper', provider: null, ...event };
}

const contact = cellReader({
  orderNum: '工单号 orderNum 工单编号',
  housekeeper: '管家 supervisorName housekeeper',
  provider: '服务商 orgName provider',
  assignedAt: '派单时间 assignTime assignedAt',
});

/** An overdue first contact. @throws RowError where number or assignment is missing or unreadable */
export function readContact(values: Record<string, unknown>, zone: string): OverdueContact {
  const row = contact(values);
  return {
    orderNum: row.needed('orderNum'),
    housekeeper: row.text('housekeeper'),
    provider: row.text('provider'),
    assignedAt: instant(row.needed('assignedAt'), zone),
  };
}

/** A list that came as JSON, as people read it: `["下线","休假"]` → 下线、休假. */
function listed(text: string): string {
  if (!text.startsWith('[')) return text;
  try {
    const parts: unknown = JSON.parse(text);
    if (Array.isArray(parts) && parts.length > 0) return parts.map(String).join('、');
  } catch {
    // It only looked like a list.
  }
  return text;
}

function instant(text: string, zone: string): Date {
  const at = momentOf(text, zone);
  if (!at) throw new RowError(`时间看不懂：${text.slice(0, 40)} (the time is unreadable)`);
  return at;
}
