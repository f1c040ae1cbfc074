import { RowError } from '../../core/errors.ts';
import { type Fen, fenFromYuan } from '../../core/money.ts';
import { type ContractRow, sourceCode } from './model.ts';
import { momentOf } from './moment.ts';

/** The columns of a contract answer: our name, the heading people see, the name in the API. */
const COLUMNS = [
  ['id', '合同ID', '_id'],
  ['province', '活动城市', 'province'],
  ['workOrder', '工单编号', 'serviceAppointmentNum'],
  ['status', 'Status', 'Status'],
  ['housekeeper', '管家', 'serviceHousekeeper'],
  ['number', '合同编号', 'contractdocNum'],
  ['amount', '合同金额', 'adjustRefundMoney'],
  ['paid', '支付金额', 'paidAmount'],
  ['state', 'State', 'State'],
  ['created', '创建时间', 'createTime'],
  ['provider', '服务商', 'orgName'],
  ['signed', '签约时间', 'signedDate'],
  ['conversion', '转化率', 'conversion'],
  ['average', '平均客单价', 'average'],
  ['housekeeperId', '管家ID', 'serviceHousekeeperId'],
  ['sourceType', '工单类型', 'sourceType'],
  ['customerAddress', '客户联系地址', 'contactsAddress'],
  ['projectAddress', '项目地址', 'projectAddress'],
  ['performance', '计入业绩金额', '计入业绩金额'],
  ['historicalNo', 'pcContractdocNum', 'pcContractdocNum'],
] as const;
type Column = (typeof COLUMNS)[number][0];

const HEADINGS = new Map<string, Column>(
  COLUMNS.flatMap(([column, shown, api]) =>
    [`${shown}(${api})`, shown, api].map((heading): [string, Column] => [plainHeading(heading), column]),
  ),
);

/**
 * A contract from a record whose headings are `中文(api)`, `中文` or `api`; other columns are ignored. Where two columns
 * say the same thing, the first that is not blank counts. Only id, housekeeper and amount must be there.
 * @param zone house time zone, for signing times without an offset and for the signing day
 * @throws RowError where one of them is missing or unreadable
 */
export function readContractRow(values: Record<string, unknown>, zone: string): ContractRow {
  const cells = cellsOf(values);
  const text = (column: Column) => textOf(cells[column], column);
  const signedText = text('signed');
  const signed = momentOf(signedText, zone);
  return {
    id: idOf(text('id')),
    province: text('province'),
    number: text('number'),
    workOrder: text('workOrder'),
    status: text('status'),
    state: text('state'),
    housekeeper: needed(text('housekeeper'), 'housekeeper'),
    housekeeperId: text('housekeeperId'),
    provider: text('provider'),
    sourceType: sourceCode(text('sourceType')),
    amountFen: amountOf(text('amount')),
    paidFen: fenOrNull(text('paid')),
    performanceFen: fenOrNull(text('performance')),
    customerAddress: text('customerAddress'),
    projectAddress: text('projectAddress'),
    historicalNo: text('historicalNo'),
    conversion: numberOrNull(text('conversion')),
    averageFen: fenOrNull(text('average')),
    signedAt: signed?.at ?? null,
    signedDay: signed?.day ?? null,
    signedText,
    createdAt: momentOf(text('created'), zone)?.at ?? null,
  };
}

function cellsOf(values: Record<string, unknown>): Partial<Record<Column, unknown>> {
  const cells: Partial<Record<Column, unknown>> = {};
  for (const heading in values) {
    const column = columnOf(heading);
    if (column && isBlank(cells[column])) cells[column] = values[heading];
  }
  return cells;
}

const seen = new Map<string, Column | null>();

/** Remembered: a file has a few headings and many rows. */
function columnOf(heading: string): Column | null {
  let column = seen.get(heading);
  if (column === undefined) {
    if (seen.size > 1_000) seen.clear();
    column = HEADINGS.get(plainHeading(heading)) ?? null;
    seen.set(heading, column);
  }
  return column;
}

/** Full-width brackets, blanks and upper case make no difference. */
function plainHeading(heading: string): string {
  return heading.normalize('NFKC').replace(/\s/g, '').toLowerCase();
}

/** What spreadsheets and exporters write where there is nothing. */
const NOTHING = /^(?:nan|null|none|undefined|n\/a)?$/i;

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && NOTHING.test(value.trim()));
}

function textOf(value: unknown, column: Column): string | null {
  if (isBlank(value)) return null;
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) throw lostDigits(column);
    return String(value);
  }
  throw new RowError(`${label(column)} 不是文字也不是数字 (neither text nor a number)`);
}

function needed(text: string | null, column: Column): string {
  if (text === null) throw new RowError(`缺少 ${label(column)} (missing)`);
  return text;
}

function idOf(text: string | null): string {
  const id = needed(text, 'id');
  // A spreadsheet has made a 19-digit id into 1.00E+18: other contracts would look the same.
  if (/^\d+(?:\.\d+)?e\+?\d+$/i.test(id)) throw lostDigits('id');
  return id;
}

function amountOf(text: string | null): Fen {
  const amount = needed(text, 'amount');
  const fen = fenOrNull(amount);
  if (fen === null) throw new RowError(`${label('amount')} 不是金额：「${amount.slice(0, 40)}」 (not an amount)`);
  return fen;
}

function lostDigits(column: Column): RowError {
  return new RowError(`${label(column)} 已丢失位数，请按文本列导出 (digits were lost: export the column as text)`);
}

function fenOrNull(text: string | null): Fen | null {
  if (text === null) return null;
  try {
    return fenFromYuan(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function numberOrNull(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}

function label(column: Column): string {
  const [, shown, api] = COLUMNS.find(([name]) => name === column) ?? [column, column, column];
  return shown === api ? shown : `${shown}(${api})`;
}
