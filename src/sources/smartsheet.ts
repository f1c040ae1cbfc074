import { DeliveryError } from '../core/errors.ts';
import type { SmartSheets } from '../core/smartsheet.ts';
import { callWecom, type Fail, happy, type Meanings, wecomBase } from '../core/wecom/call.ts';

const MEANINGS: Meanings = {
  remedies: {
    93000: 'the webhook is wrong or was taken away: make a new one in the table and set its variable',
    2022034: 'a value does not fit the type of its field: see rules/sheets.yaml',
  },
  gone: new Set([93000]),
};

/**
 * Opens the webhooks of tables (developer.work.weixin.qq.com, documents 101240 for adding and 101241 for updating: both give
 * back the records with their `record_id`).
 * @param variables the environment: a webhook is named by the variable that holds its key
 */
export function openSmartSheets(
  apiBase: string,
  variables: Readonly<Record<string, string>>,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): SmartSheets {
  const base = wecomBase(apiBase);

  async function call(webhook: string, body: unknown) {
    const key = variables[webhook];
    // A key is a secret: errors name the variable.
    const fail: Fail = (kind, reason, retryAfterMs, more) =>
      new DeliveryError(kind, `table ${webhook}: ${reason}`, retryAfterMs, more);
    if (!key) throw fail('refused', `${webhook} is not set`);
    const answer = await callWecom({
      url: `${base}/cgi-bin/wedoc/smartsheet/webhook?key=${encodeURIComponent(key)}`,
      init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      fail,
      ...options,
    });
    return happy(answer, fail, MEANINGS);
  }

  return {
    has: (webhook) => !!variables[webhook],
    async append(webhook, schema, rows) {
      const answer = await call(webhook, { schema, add_records: rows.map((values) => ({ values })) });
      const added = Array.isArray(answer['add_records']) ? (answer['add_records'] as { record_id?: unknown }[]) : [];
      return rows.map((_, at) => {
        const id = added[at]?.record_id;
        return typeof id === 'string' ? id : null;
      });
    },
    async update(webhook, schema, rows) {
      const update_records = rows.map(({ record, values }) => ({ record_id: record, values }));
      await call(webhook, { schema, update_records });
    },
  };
}
