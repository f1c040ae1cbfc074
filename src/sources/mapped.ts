import { AskerError } from '../core/errors.ts';
import type { Page, Source } from '../core/source.ts';

/**
 * A source whose columns have other names: `ours` → `theirs`. A mapped column goes before all others that mean the same.
 * @throws AskerError (while reading) where the first row lacks one of theirs; it names those that there are
 */
export function mappedSource(source: Source, map: ReadonlyMap<string, string>): Source {
  if (map.size === 0) return source;
  return { name: source.name, snapshot: (signal) => mapped(source.snapshot(signal), map) };
}

async function* mapped(pages: AsyncIterable<Page>, map: ReadonlyMap<string, string>): AsyncGenerator<Page> {
  let checked = false;
  for await (const page of pages) {
    const [first] = page.rows;
    if (first && !checked) {
      const missing = [...map.values()].filter((theirs) => !(theirs in first.values));
      if (missing.length > 0) {
        const there = Object.keys(first.values).join(', ');
        throw new AskerError(`文件没有这些列 (no such columns): ${missing.join(', ')}; 有 (there are): ${there}`);
      }
      checked = true;
    }
    yield {
      ...page,
      rows: page.rows.map(({ line, values }) => {
        const own = [...map].map(([ours, theirs]): [string, unknown] => [ours, values[theirs]]);
        const others = Object.entries(values).filter(([name]) => !map.has(name));
        return { line, values: Object.fromEntries([...own, ...others]) };
      }),
    };
  }
}
