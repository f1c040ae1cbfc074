import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { RuleDocument } from './context.ts';

/** A YAML document read by a schema; every mistake names its file and line. */
export interface Sheet<T> {
  file: string;
  /** Absent where there are mistakes. */
  value: T | undefined;
  mistakes: string[];
  /** The line on which a part begins; of a part that is not there, the line of what should hold it. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Reads a document; all its mistakes are found at once. */
export function sheetOf<T>({ file, text }: RuleDocument, schema: z.ZodType<T>): Sheet<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const lineOf = (path: readonly PropertyKey[]) => lineAt(offsetOf(document, path));
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const mistakes = broken.map((error) => `${file}:${lineAt(error.pos[0])} ${error.message}`);
    return { file, value: undefined, mistakes, lineOf };
  }
  let plain: unknown;
  try {
    plain = document.toJS();
  } catch (error) {
    // Aliases that multiply: a document that would fill the memory.
    return { file, value: undefined, mistakes: [`${file}:1 ${(error as Error).message}`], lineOf };
  }
  const parsed = schema.safeParse(plain);
  if (parsed.success) return { file, value: parsed.data, mistakes: [], lineOf };
  const mistakes = parsed.error.issues
    .flatMap(partsOf)
    .map(({ path, message }) => ({ line: lineOf(path), words: [path.join('.'), message].filter(Boolean).join(': ') }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, words }) => `${file}:${line} ${words}`);
  return { file, value: undefined, mistakes, lineOf };
}

/** An issue with each unknown key by itself, in words for the person who wrote the document. */
function partsOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown key' }));
  }
  if (issue.code === 'invalid_union') {
    // Of several forms the one that was meant is the one of which something inside is wrong.
    const meant = issue.errors.find((branch) => branch.some(isInside));
    if (meant) return meant.flatMap((inner) => partsOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  const missing = / received undefined$/.test(issue.message);
  const message = missing
    ? issue.message.replace(/^Invalid input: (.*), received undefined$/, 'is missing ($1)')
    : issue.message;
  return [{ path: issue.path, message }];
}

function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom';
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const holder = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(holder)) {
      const key = holder.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key;
      if (isScalar(key) && key.range) return key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
