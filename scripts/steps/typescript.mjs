import { createServer } from 'vite';
import { root } from './run.mjs';

/**
 * Loads a TypeScript file, named from the root of the project: Node 20 runs none by itself.
 * @returns what it exports, and what lets it go
 */
export async function loadTypescript(file) {
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  return { exports: await vite.environments.ssr.runner.import(`/${file}`), close: () => vite.close() };
}
