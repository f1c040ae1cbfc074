import { type Document, isCollection, isScalar, parseDocument, stringify } from 'yaml';

/** A place in a document: keys and positions from its root. */
export type Path = readonly (string | number)[];

function read(text: string): Document {
  return parseDocument(text, { prettyErrors: false });
}

/** What is typed as values; undefined where it cannot be read, or its aliases would multiply without end. */
export function valuesOf(text: string): unknown {
  const document = read(text);
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS() ?? {};
  } catch {
    return undefined;
  }
}

/**
 * The text with another value at a place; `undefined` takes it away. A value in the place of another leaves every other
 * character as it was, comments and spaces too.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = read(text);
  const node = document.getIn(path, true);
  if (isScalar(node) && node.range && isPlain(value)) {
    const [start, end] = node.range;
    return text.slice(0, start) + wordOf(value) + text.slice(end);
  }
  if (value === undefined) {
    const holder = document.getIn(path.slice(0, -1), true);
    document.deleteIn(path);
    // `{}` under a key that nobody wants is a mistake of its own; an empty list says that it is empty.
    if (isCollection(holder) && holder.items.length === 0 && path.length > 2) document.deleteIn(path.slice(0, -1));
  } else {
    document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** As it stands within a document, in `{ }` and `[ ]` too. */
function wordOf(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const word = stringify(value, { lineWidth: 0 }).trimEnd();
  return word === value && !/[,[\]{}#:\n]/.test(value) ? word : JSON.stringify(value);
}
