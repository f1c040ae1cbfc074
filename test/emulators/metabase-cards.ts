/** A saved question: its columns, its parameters, and what it finds. */
export interface EmulatedCard {
  columns: readonly { name: string; heading?: string }[];
  /** A value `bigint:123…` is written as a number. */
  rows: readonly Record<string, unknown>[];
  /** Template tags; one that is required and not given fails the query. */
  tags?: Readonly<Record<string, { required: boolean }>>;
  /** Which rows the parameters let through. */
  lets?(row: Record<string, unknown>, given: ReadonlyMap<string, string>): boolean;
  /** The account may export its answer; default: yes. */
  export?: boolean;
}

/** A parameter as it was sent. */
export interface Given {
  type?: string;
  target?: [string, [string, string]];
  value?: unknown;
}

/** A query that failed, with Metabase's kind of error. */
export class Failed extends Error {
  readonly type: string;
  constructor(message: string, type: string) {
    super(message);
    this.type = type;
  }
}

/** Parameters stand in a JSON body, or as JSON in a form's field. */
export function readParameters(body: string, contentType: string): Given[] {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) {
    return ((body ? JSON.parse(body) : {}) as { parameters?: Given[] }).parameters ?? [];
  }
  const parameters = new URLSearchParams(body).get('parameters');
  return parameters ? (JSON.parse(parameters) as Given[]) : [];
}

/** @throws Failed where a parameter is missing, unknown or no day */
export function resultOf(card: EmulatedCard, given: readonly Given[]): readonly Record<string, unknown>[] {
  const values = new Map<string, string>();
  for (const { type = '', target, value } of given) {
    const tag = target?.[1]?.[1] ?? '';
    if (!card.tags?.[tag])
      throw new Failed(`Invalid parameter: "${tag}" is not one of the card's`, 'invalid-parameter');
    if (type === 'date/single' && !/^\d{4}-\d{2}-\d{2}$/.test(String(value))) {
      throw new Failed(`Invalid parameter value: ${String(value)}`, 'invalid-parameter');
    }
    values.set(tag, String(value));
  }
  for (const [tag, { required }] of Object.entries(card.tags ?? {})) {
    if (required && !values.has(tag)) {
      throw new Failed(
        `You'll need to pick a value for '${tag}' before this query can run.`,
        'missing-required-parameter',
      );
    }
  }
  return card.lets ? card.rows.filter((row) => card.lets?.(row, values)) : card.rows;
}
