import { RowError } from '../../core/errors.ts';
import type { Feed, RawRow } from '../../core/source.ts';
import { cellsOf } from './cells.ts';
import { PersonRow } from './rows.ts';
import { saveDriverRows } from './store.ts';

const read = cellsOf({
  id: 'driver_id delivery_person_id courier_id 司机编号',
  name: 'driver_name 司机 姓名 司机姓名',
  dsp: 'dsp provider 服务商',
  shiftFrom: 'shift_from shift_start 上班',
  shiftTo: 'shift_to shift_end 下班',
  onShift: 'on_shift on_duty online 在岗 在线',
});

export const driversFeed: Feed<PersonRow> = {
  name: 'drivers.drivers',
  dataset: 'drivers',
  row: PersonRow,
  read(raw: RawRow) {
    const cells = read(raw);
    if (!cells.id) throw new RowError('缺少司机编号 (the driver id is missing)');
    return {
      id: cells.id,
      name: cells.name ?? cells.id,
      dsp: cells.dsp ?? null,
      shiftFrom: timeOf(cells.shiftFrom),
      shiftTo: timeOf(cells.shiftTo),
      onShift: cells.onShift === undefined ? null : /^(1|true|yes|y|on|online|是|在岗|在线)$/i.test(cells.onShift),
    };
  },
  key: (row) => row.id,
  save: ({ db }, rows, { sample = false }) => saveDriverRows(db, rows, sample),
};

/** `9:00`, `09:00:00`, or a time behind a date. */
function timeOf(text: string | undefined): string | null {
  const [, hour, minute] = /(?:^|[T\s])([01]?\d|2[0-3]):([0-5]\d)/.exec(text ?? '') ?? [];
  return hour && minute ? `${hour.padStart(2, '0')}:${minute}` : null;
}
