import {
  type Alias,
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import type { RuleDocument } from './context.ts';
import { issueWords } from './sheet-words.ts';

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
    const mistakes = broken.map((error) => `${file}:${lineAt(error.pos[0])} ${yamlWords(error)}`);
    return { file, value: undefined, mistakes, lineOf };
  }
  const coded = numbersInCode(document);
  if (coded.length > 0) {
    const mistakes = coded.map(
      ({ source, range }) => `${file}:${lineAt(range?.[0] ?? 0)} ${source}: write the number in decimal digits`,
    );
    return { file, value: undefined, mistakes, lineOf };
  }
  let plain: unknown;
  try {
    plain = document.toJS();
  } catch (error) {
    // An alias without an anchor; or aliases that multiply: a document that would fill the memory.
    const line = lineAt(danglingAlias(document)?.range?.[0] ?? 0);
    return { file, value: undefined, mistakes: [`${file}:${line} ${(error as Error).message}`], lineOf };
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

/** An amount such as 1,600 in braces is a 1 and a key 600. */
function unknownKey(key: string): string {
  return /^\d{3}$/.test(key) ? 'unknown key: numbers are written without commas' : 'unknown key';
}

function yamlWords({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here (---): write one document a file';
  if (code === 'MULTILINE_IMPLICIT_KEY') return `${message}; or a colon is missing, or is a Chinese one (：)`;
  if (code === 'DUPLICATE_KEY') return 'this key is there twice: leave one out';
  return message;
}

/** 0x10 is sixteen to YAML, and a slip to whoever reads of money. */
function numbersInCode(document: Document): Scalar[] {
  const found: Scalar[] = [];
  visit(document, {
    Scalar(_, scalar) {
      if (scalar.format === 'HEX' || scalar.format === 'OCT') found.push(scalar);
    },
  });
  return found;
}

function danglingAlias(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/** An issue with each unknown key by itself, in words for the person who wrote the document. */
function partsOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key) }));
  }
  if (issue.code === 'invalid_union') {
    // Of several forms the one that was meant is the one of which something inside is wrong.
    const meant = issue.errors.find((branch) => branch.some(isInside));
    if (meant) return meant.flatMap((inner) => partsOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ path: issue.path, message: issueWords(issue) }];
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
