import { type Clock, systemClock } from '../../src/core/time.ts';
import { Refused } from './wecom-robot-rules.ts';
import { json, startWecomServer, type WecomServer } from './wecom-server.ts';

/** The type of a field, as the table was made. */
export type FieldType = 'text' | 'number' | 'date' | 'multi';

export interface SheetRecord {
  id: string;
  values: Record<string, unknown>;
}

/** Its `url` is to be used as `WECOM_API_BASE`. */
export interface SmartSheetEmulator extends WecomServer<'webhook'> {
  records: SheetRecord[];
  calls: number;
}

interface Body {
  schema?: Record<string, string>;
  add_records?: { values?: Record<string, unknown> }[];
  update_records?: { record_id?: string; values?: Record<string, unknown> }[];
}

/**
 * The webhook of one table of WeCom on 127.0.0.1: values have to fit their fields (2022034 otherwise, and then nothing of
 * the call is taken), an unknown key is 93000.
 */
export async function startSmartSheetEmulator(options: {
  key: string;
  fields: Readonly<Record<string, FieldType>>;
  clock?: Pick<Clock, 'now'>;
}): Promise<SmartSheetEmulator> {
  const clock = options.clock ?? systemClock('Asia/Shanghai');
  const records: SheetRecord[] = [];
  const emulator = { records, calls: 0 };

  const check = (values: Record<string, unknown> | undefined, schema: Record<string, string>) => {
    if (!values || Object.keys(values).length === 0) throw new Refused(40058, 'empty values');
    for (const [id, value] of Object.entries(values)) {
      const type = options.fields[id];
      if (!type || schema[id] === undefined) throw new Refused(2022033, `no such field ${id}`);
      if (!fits(type, value)) throw new Refused(2022034, `invalid value of ${id}`);
    }
    return values;
  };

  const server = await startWecomServer({
    clock,
    endpoints: { '/cgi-bin/wedoc/smartsheet/webhook': 'webhook' },
    answer(_, { url, payload }) {
      emulator.calls++;
      if (url.searchParams.get('key') !== options.key) throw new Refused(93000, 'invalid webhook url');
      const { schema = {}, add_records = [], update_records = [] } = JSON.parse(payload.toString()) as Body;
      if (add_records.length + update_records.length === 0) throw new Refused(40058, 'no records');
      const added = add_records.map(({ values }) => check(values, schema));
      const updates = update_records.map(({ record_id, values }) => {
        const record = records.find(({ id }) => id === record_id);
        if (!record) throw new Refused(2022040, 'no such record');
        return { record, values: check(values, schema) };
      });
      for (const { record, values } of updates) Object.assign(record.values, values);
      const fresh = added.map((values) => ({
        id: `r${records.length + 1}`,
        values,
        at: records.push({ id: `r${records.length + 1}`, values }),
      }));
      return json({
        errcode: 0,
        errmsg: 'ok',
        ...(fresh.length > 0 && { add_records: fresh.map(({ id, values }) => ({ record_id: id, values })) }),
      });
    },
  });
  return Object.assign(emulator, server);
}

function fits(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'date':
      return typeof value === 'string' && /^\d{13}$/.test(value);
    case 'multi':
      return Array.isArray(value) && value.every((one: { text?: unknown }) => typeof one?.text === 'string');
  }
}
