import whole from '../../../rules/rewards.schema.json' with { type: 'json' };

/** What the form needs of JSON Schema. */
export interface Schema {
  type?: string;
  description?: string;
  const?: string;
  default?: string;
  enum?: string[];
  format?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minItems?: number;
}

/** The schema of a campaign, of which the form is made. */
export const CAMPAIGN = whole as Schema;

export type Shape = 'object' | 'list' | 'words' | 'set' | 'variants' | 'choice' | 'mark' | 'yesNo' | 'line';

/** How a part is shown. */
export function shapeOf(schema: Schema): Shape {
  if (schema.properties) return 'object';
  if (schema.type === 'array') {
    if (schema.items?.properties) return 'list';
    return schema.items?.enum ? 'set' : 'words';
  }
  if (schema.anyOf?.some((one) => one.properties)) return 'variants';
  if (schema.enum) return 'choice';
  if (schema.const !== undefined) return 'mark';
  return schema.type === 'boolean' ? 'yesNo' : 'line';
}

/** The least of a part, to be filled in. */
export function emptyOf(schema: Schema): unknown {
  switch (shapeOf(schema)) {
    case 'object': {
      const required = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key));
      return Object.fromEntries(required.map(([key, part]) => [key, emptyOf(part)]));
    }
    case 'list':
      return schema.minItems ? [emptyOf(schema.items ?? {})] : [];
    case 'words':
      return [];
    case 'set':
      return schema.items?.enum?.slice(0, 1) ?? [];
    case 'variants':
      return emptyOf(schema.anyOf?.find((one) => one.properties) ?? {});
    case 'choice':
      return schema.enum?.[0];
    case 'mark':
      return schema.const;
    case 'yesNo':
      return false;
    case 'line':
      return isNumber(schema) ? 0 : '';
  }
}

export function isNumber(schema: Schema): boolean {
  return (
    ['number', 'integer'].includes(schema.type ?? '') || (schema.anyOf?.some((one) => one.type === 'number') ?? false)
  );
}

/** What is typed as the value that is meant: a number where one may stand and it is one, else text. */
export function typedValue(schema: Schema, typed: string): string | number {
  const text = typed.normalize('NFKC').trim();
  return isNumber(schema) && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : isNumber(schema) ? text : typed;
}
