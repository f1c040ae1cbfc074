import { cellReader } from '../../core/cells.ts';
import { RowError } from '../../core/errors.ts';
import { dayFrom, momentOf } from '../../core/moment.ts';
import type { Day } from '../../core/time.ts';
import { type ViolationRow, violationId } from './model.ts';

const cells = cellReader({
  day: '业务日期 businessDate business_date 违规日期 violationDate',
  orderNum: '工单号 orderNum 工单编号 order_num',
  orderedAt: '工单创建时间 saCreateTime',
  city: '城市 province 省份 city',
  provider: '服务商 orgName provider',
  housekeeper: '管家 supervisorName housekeeper',
  kind: '违规类型 msg kind',
  description: '违规描述 memo description',
  orderStatus: '工单状态 status',
  workType: '工种 workType',
  sourceType: '工单类型 sourceType',
  createdAt: '创建时间 createTime',
});

/**
 * A violation from a row of the report or of an export.
 * @param day the business date that the answer is for; absent: the row says it, or when it was written down
 * @throws RowError where order, provider, kind or the business date is missing
 */
export function readViolation(values: Record<string, unknown>, zone: string, day?: Day): ViolationRow {
  const row = cells(values);
  const own = row.text('day');
  const date = own ? dayFrom(own, zone) : (day ?? dayFrom(row.text('createdAt'), zone));
  if (!date) throw new RowError(`业务日期看不懂或没有：${(own ?? '').slice(0, 40)} (no business date)`);
  const violation = {
    day: date,
    orderNum: row.needed('orderNum'),
    orderedAt: momentOf(row.text('orderedAt'), zone),
    city: row.text('city'),
    provider: row.needed('provider'),
    housekeeper: row.text('housekeeper'),
    kind: row.needed('kind'),
    description: row.text('description'),
    orderStatus: row.text('orderStatus'),
    workType: row.text('workType'),
    sourceType: row.text('sourceType'),
  };
  return { id: violationId(violation), ...violation };
}
