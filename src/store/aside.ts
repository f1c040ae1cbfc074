import { randomUUID } from 'node:crypto';

/** Texts that wait to be bound, by the name that stands for them meanwhile. */
const waiting = new Map<string, string>();
// Nobody can type this by chance or on purpose.
const PREFIX = `aside ${randomUUID()} `;
let last = 0;

/**
 * Hands a large argument to a statement past Prisma, which would write it out as JSON and read it again: with megabytes
 * that takes longer than SQLite takes to store them. What Prisma sees is a name; `boundText` puts the text in its place.
 * @param text well-formed and without NUL, as `JSON.stringify` gives it
 */
export async function aside<T>(text: string, use: (name: string) => Promise<T>): Promise<T> {
  const name = `${PREFIX}${++last}`;
  waiting.set(name, text);
  try {
    return await use(name);
  } finally {
    waiting.delete(name);
  }
}

/** The text that a name stands for; undefined for any other text. */
export function boundText(name: string): string | undefined {
  return name.startsWith(PREFIX) ? waiting.get(name) : undefined;
}
