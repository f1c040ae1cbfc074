/** The arguments of a call, however they came: JSON, form or multipart. Objects are parsed, files looked up by name. */
export interface Form {
  values: Record<string, unknown>;
  files: Map<string, Upload>;
}

export interface Upload {
  name: string;
  bytes: Buffer;
}

/** @throws Error where the body cannot be read */
export function readForm(contentType: string, payload: Buffer): Form {
  if (payload.length === 0) return { values: {}, files: new Map() };
  if (/^application\/json/i.test(contentType)) return { values: JSON.parse(payload.toString()), files: new Map() };
  if (/^multipart\/form-data/i.test(contentType)) return readMultipart(contentType, payload);
  const values = [...new URLSearchParams(payload.toString())].map(([key, value]) => [key, parsed(key, value)]);
  return { values: Object.fromEntries(values), files: new Map() };
}

/** As tolerant as the real server: blanks and quotes in the heads of parts are optional, names end at `;`. */
function readMultipart(contentType: string, payload: Buffer): Form {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) throw new Error('no boundary');
  const form: Form = { values: {}, files: new Map() };
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter stands at the very beginning, without the line end before it.
  const body = Buffer.concat([Buffer.from('\r\n'), payload]);
  for (let at = body.indexOf(delimiter); at >= 0; ) {
    const start = at + delimiter.length;
    const end = body.indexOf(delimiter, start);
    if (end < 0) break;
    const headEnd = body.indexOf('\r\n\r\n', start);
    const head = body.toString('utf8', start, headEnd);
    const bytes = body.subarray(headEnd + 4, end);
    const name = parameter(head, 'name');
    const file = parameter(head, 'filename');
    if (name === undefined) throw new Error('a part without a name');
    if (file === undefined) form.values[name] = parsed(name, bytes.toString());
    else form.files.set(name, { name: file, bytes: Buffer.from(bytes) });
    at = end;
  }
  return form;
}

function parameter(head: string, key: string): string | undefined {
  const found = new RegExp(`;\\s*${key}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\r\\n]*))`, 'i').exec(head);
  return found?.[1] ?? found?.[2]?.trim();
}

const JSON_FIELDS = [
  'media',
  'reply_markup',
  'commands',
  'allowed_updates',
  'reply_parameters',
  'link_preview_options',
];

/** Values of forms are texts; lists and objects are JSON in them. */
function parsed(key: string, text: string): unknown {
  if (!JSON_FIELDS.includes(key)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
