import { UsageError } from './errors.ts';

/** `ours=theirs …` as the columns of a file are mapped. @throws UsageError for what is no pair */
export function columnMap(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=');
      if (at < 1 || at === pair.length - 1) throw new UsageError(`--map ${pair}: ours=theirs, e.g. id=Ticket`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
