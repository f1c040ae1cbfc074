import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..');

/**
 * Compiles TypeScript files, named from the root of the project, for worker threads and child processes, which Node 20
 * runs as JavaScript only. The result lies below `node_modules`, so that packages are found from there.
 */
export async function compiled<N extends string>(
  entries: Record<N, string>,
): Promise<{ urls: Record<N, URL>; remove: () => void }> {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  // The plus sign is there because some tools stumble over it in a path.
  const outDir = mkdtempSync(join(cache, 'fieldbell+test-'));
  const input = Object.fromEntries(Object.entries<string>(entries).map(([name, file]) => [name, join(ROOT, file)]));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      rolldownOptions: { input, output: { entryFileNames: '[name].mjs' } },
    },
  });
  const urls = Object.fromEntries(
    Object.keys(entries).map((name) => [name, pathToFileURL(join(outDir, `${name}.mjs`))]),
  ) as Record<N, URL>;
  return { urls, remove: () => rmSync(outDir, { recursive: true, force: true }) };
}
