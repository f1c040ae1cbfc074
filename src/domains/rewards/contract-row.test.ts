import { describe, expect, it } from 'vitest';
import { RowError } from '../../core/errors.ts';
import { readContractRow } from './contract-row.ts';
import { ContractRow } from './model.ts';

const read = (values: Record<string, unknown>) => readContractRow(values, 'Asia/Shanghai');
const least = { 合同ID: '1', 管家: '王', 合同金额: 1 };
const reason = (values: Record<string, unknown>) => {
  try {
    read(values);
  } catch (error) {
    expect(error).toBeInstanceOf(RowError);
    return (error as RowError).message;
  }
  throw new Error('the row was taken');
};

describe('a contract row', () => {
  const full = {
    '合同ID(_id)': '1000000003000000001',
    '活动城市(province)': 110000,
    '工单编号(serviceAppointmentNum)': 'GD1',
    Status: 1,
    '管家(serviceHousekeeper)': ' 管家004 ',
    '合同编号(contractdocNum)': 'TEST-1',
    '合同金额(adjustRefundMoney)': 110884.85,
    '支付金额(paidAmount)': '33,265.46',
    State: 1,
    '创建时间(createTime)': '2025-09-01T13:20:48.000+08:00',
    '服务商(orgName)': '乙',
    '签约时间(signedDate)': '2025-09-30T20:23:54.000Z',
    '转化率(conversion)': 'N/A',
    '平均客单价(average)': 11110.91,
    '管家ID(serviceHousekeeperId)': 'hk-0003',
    '工单类型(sourceType)': 2,
    '客户联系地址(contactsAddress)': '',
    '项目地址(projectAddress)': '一号',
    计入业绩金额: '',
    pcContractdocNum: null,
    Doorsill: 0,
  };

  it('has every column in our words', () => {
    const row = read(full);
    expect(ContractRow.parse(row)).toEqual({
      id: '1000000003000000001',
      province: '110000',
      number: 'TEST-1',
      workOrder: 'GD1',
      status: '1',
      state: '1',
      housekeeper: '管家004',
      housekeeperId: 'hk-0003',
      provider: '乙',
      sourceType: '2',
      amountFen: 11_088_485,
      paidFen: 3_326_546,
      performanceFen: null,
      customerAddress: null,
      projectAddress: '一号',
      historicalNo: null,
      conversion: null,
      averageFen: 1_111_091,
      signedAt: new Date('2025-09-30T20:23:54Z'),
      signedDay: '2025-10-01',
      signedText: '2025-09-30T20:23:54.000Z',
      createdAt: new Date('2025-09-01T05:20:48Z'),
    });
  });

  it('is the same with the Chinese, the API, and full-width headings', () => {
    const renamed = (rename: (heading: string) => string) =>
      Object.fromEntries(Object.entries(full).map(([heading, value]) => [rename(heading), value]));
    expect(read(renamed((heading) => heading.replace(/\(.*/, '')))).toEqual(read(full));
    expect(read(renamed((heading) => /\((.*)\)/.exec(heading)?.[1] ?? heading))).toEqual(read(full));
    const wide = (heading: string) => ` ${heading.replace('(', '（').replace(')', ' ）').toUpperCase()}`;
    expect(read(renamed(wide))).toEqual(read(full));
  });

  it('needs an id, a housekeeper and an amount, and nothing else', () => {
    expect(read(least)).toMatchObject({ id: '1', workOrder: null, sourceType: null, signedAt: null, paidFen: null });
    for (const column of Object.keys(least)) expect(reason({ ...least, [column]: ' ' })).toContain(column);
    expect(reason({})).toContain('合同ID(_id)');
  });

  it('takes the first of two columns that is not blank', () => {
    expect(read({ ...least, sourceType: '', 工单类型: '1', '工单类型(sourceType)': '2' }).sourceType).toBe('1');
  });

  it.each<[unknown, string]>([
    ['1000000003000000001', '1000000003000000001'],
    [12, '12'],
    [' 007 ', '007'],
    [9_007_199_254_740_993n, '9007199254740993'],
  ])('id %s is kept as text', (id, text) => {
    expect(read({ ...least, 合同ID: id }).id).toBe(text);
  });

  it.each<[unknown]>([[1e18], ['1.00E+18'], ['1E18']])('id %s has lost its digits', (id) => {
    expect(reason({ ...least, 合同ID: id })).toContain('export the column as text');
  });

  it.each<[unknown, number]>([
    ['99,999.995', 10_000_000],
    [0.1 + 0.2, 30],
    ['¥1，000 元', 100_000],
    [-5.5, -550],
    ['0', 0],
    [99_999.99999999999, 10_000_000],
  ])('amount %s is %i fen', (amount, fen) => {
    expect(read({ ...least, 合同金额: amount }).amountFen).toBe(fen);
  });

  it.each<[unknown]>([['NaN'], [Number.NaN], [Number.POSITIVE_INFINITY], ['一百'], ['1e5'], [null], [{}], ['12.3.4']])(
    'amount %s is none',
    (amount) => {
      expect(reason({ ...least, 合同金额: amount })).toContain('合同金额');
    },
  );

  it.each<[unknown, string | null]>([
    [1, '1'],
    ['1.0', '1'],
    [' １ ', '1'],
    ['', null],
    [null, null],
    ['abc', 'abc'],
  ])('source type %j is code %j', (value, code) => {
    expect(read({ ...least, 工单类型: value }).sourceType).toBe(code);
  });

  it.each(['nan', 'NULL', 'None', 'N/A'])('a work order %j is none', (workOrder) => {
    expect(read({ ...least, 工单编号: workOrder }).workOrder).toBeNull();
  });

  it.each<[string, string | null, string | null]>([
    ['2025-09-01T13:01:24.000+08:00', '2025-09-01', '2025-09-01T05:01:24.000Z'],
    ['2025-09-01T23:30:00+0000', '2025-09-02', '2025-09-01T23:30:00.000Z'],
    ['2025-09-01 13:01:24', '2025-09-01', '2025-09-01T05:01:24.000Z'],
    ['2025/9/1 8:05', '2025-09-01', '2025-09-01T00:05:00.000Z'],
    ['2025年9月1日', '2025-09-01', '2025-08-31T16:00:00.000Z'],
    ['2025-02-30', null, null],
    ['2025-09-01 25:00:00', null, null],
    ['soon', null, null],
  ])('signing time %j is of day %j', (text, day, at) => {
    const row = read({ ...least, 签约时间: text });
    expect([row.signedDay, row.signedAt?.toISOString() ?? null, row.signedText]).toEqual([day, at, text]);
  });
});
