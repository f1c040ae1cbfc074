import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

const FILE = join(root, 'dist/.setup.lock');
const BEAT_MS = 2_000;
/** A lock whose holder has not been heard of for so long is nobody's. */
const STALE_MS = 15_000;

/** Does the work while no other process does any under this lock; waits for its turn. */
export async function withLock(work) {
  await acquire();
  const beat = setInterval(() => utimesSync(FILE, new Date(), new Date()), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(FILE, { force: true });
  }
}

async function acquire() {
  mkdirSync(dirname(FILE), { recursive: true });
  for (let said = false; ; ) {
    try {
      return writeFileSync(FILE, me(), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readLock();
    if (holder && isStale(holder)) takeAway(holder.text);
    else if (holder && !said) {
      console.error('  another set-up is at work; waiting for it …');
      said = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100));
  }
}

function me() {
  return `${hostname()} ${process.pid}`;
}

function readLock() {
  try {
    return { text: readFileSync(FILE, 'utf8'), age: Date.now() - statSync(FILE).mtimeMs };
  } catch {
    return undefined;
  }
}

function isStale({ text, age }) {
  if (age > STALE_MS) return true;
  const [host, pid] = text.split(' ');
  if (host !== hostname() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Takes the lock away from a holder that is gone; puts it back if somebody else has got it in between. */
function takeAway(text) {
  const aside = `${FILE}.${process.pid}`;
  try {
    renameSync(FILE, aside);
    if (readFileSync(aside, 'utf8') === text) rmSync(aside);
    else renameSync(aside, FILE);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
