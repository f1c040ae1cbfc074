import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, tool } from './run.mjs';
import { filesUnder, fingerprint, isStamped, putStamp } from './stamp.mjs';

const FOLDERS = ['src', 'bots', 'jobs'];
const SETTINGS = ['tsconfig.json', 'package-lock.json'];

/** `dist/{src,bots,jobs}`: the program, compiled. */
export const program = {
  name: 'program',
  isDone() {
    return isStamped('dist/.made/program', programSources()) && outputs().every(isThere);
  },
  async make() {
    const made = programSources();
    // The compiler writes only what has changed since the last time; it does not notice what was deleted.
    if (!outputs().every(isThere)) rmSync(join(root, 'dist/.tsbuildinfo'), { force: true });
    // Types are `npm run check`'s business: without them this takes a third of the time.
    await tool('typescript', ['-p', 'tsconfig.build.json', '--noCheck', '--pretty', 'false']);
    const current = new Set(outputs());
    const old = FOLDERS.flatMap((folder) => filesUnder(`dist/${folder}`)).filter((file) => !current.has(file));
    for (const file of old) rmSync(join(root, file));
    chmodSync(join(root, 'dist/src/cli.js'), 0o755);
    putStamp('dist/.made/program', made);
  },
};

/** `dist/web`: the web page. */
export const web = {
  name: 'web page',
  isDone() {
    return isStamped('dist/.made/web', webSources()) && isThere('dist/web/index.html');
  },
  async make() {
    const made = webSources();
    await tool('vite', ['build', '--logLevel', 'warn']);
    putStamp('dist/.made/web', made);
  },
};

function programSources() {
  return fingerprint([...FOLDERS, ...SETTINGS, 'tsconfig.build.json', 'prisma/schema.prisma'], isProgram);
}

function webSources() {
  return fingerprint(['web', ...SETTINGS, 'vite.config.ts']);
}

/** The generated client is left out: it follows from the schema. */
function isProgram(file) {
  return !file.endsWith('.test.ts') && !file.startsWith('src/store/generated/');
}

/** The files that the compiler makes of the sources. */
function outputs() {
  return FOLDERS.flatMap((folder) => filesUnder(folder))
    .filter((file) => /(?<!\.test|\.d)\.tsx?$/.test(file))
    .map((file) => `dist/${file.replace(/\.tsx?$/, '.js')}`);
}

function isThere(file) {
  return existsSync(join(root, file));
}
