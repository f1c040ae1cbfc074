import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';
import { fingerprint, isStamped, putStamp } from './stamp.mjs';

/** Inside node_modules, so that it goes when they go. */
const STAMP = 'node_modules/.fieldbell-dependencies';
const INSTALLED = join(root, 'node_modules/.package-lock.json');

/** What `package-lock.json` says is in `node_modules`. */
export const dependencies = {
  name: 'dependencies',
  isDone() {
    const wanted = wantedNow();
    if (isStamped(STAMP, wanted)) return true;
    if (!isInstalled()) return false;
    putStamp(STAMP, wanted);
    return true;
  },
  async make() {
    console.error('  installing dependencies; the first time takes a minute …');
    await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
    putStamp(STAMP, wantedNow());
  },
};

function wantedNow() {
  return `${fingerprint(['package.json', 'package-lock.json'])} ${process.platform} ${process.arch}`;
}

/** Whether npm itself has put there what the lock file names, as after an `npm install` by hand. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const packages = (file) => Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages);
  const there = new Map(packages(INSTALLED));
  const wanted = packages(join(root, 'package-lock.json')).filter(([path]) => path !== '');
  const fits = ([path, { version, integrity, optional }]) => {
    const found = there.get(path);
    there.delete(path);
    return found ? found.version === version && found.integrity === integrity : optional;
  };
  return wanted.every(fits) && there.size === 0;
}
