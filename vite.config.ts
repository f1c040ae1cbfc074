import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Beside each file its compressed form, which the server hands out to browsers that read it. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    writeBundle({ dir = '' }, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!/\.(js|css|html)$/.test(name)) continue;
        writeFileSync(join(dir, `${name}.gz`), gzipSync(file.type === 'chunk' ? file.code : file.source));
      }
    },
  };
}

/** The pages: `web/` is the source, `dist/web/` what the server hands out. A further page is a further input. */
export default defineConfig({
  root: 'web',
  plugins: [compressed()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Phones in the field are not new, and chat apps bring browsers of their own.
    target: ['chrome94', 'safari15.4', 'firefox98'],
    // No inline script and no data: script, so that a strict content security policy can stand.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'web/index.html', admin: 'web/admin/index.html', drivers: 'web/drivers/index.html' },
    },
  },
  server: { proxy: { '^/(api|charts|pictures|files)/': 'http://127.0.0.1:8787' } },
});
