import { program, web } from './build.mjs';
import { client } from './client.mjs';
import { dependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { CommandError } from './run.mjs';

const OLDEST_NODE = [20, 19];

/**
 * Installs, generates and builds what is missing or older than its sources; does nothing, and quickly, where nothing is.
 * `{ build: false }` stops before the build. Needs Node and npm only. Ends the process, saying why, where a step fails.
 */
export async function setUp({ build = true } = {}) {
  try {
    checkNode();
    const steps = build ? [dependencies, client, program, web] : [dependencies, client];
    if (steps.every((step) => step.isDone())) return;
    await withLock(async () => {
      await take(dependencies);
      if (!build) return take(client);
      await Promise.all([take(client).then(() => take(program)), take(web)]);
    });
  } catch (error) {
    console.error(error instanceof CommandError ? `${error.output}\n${error.message}` : error.message);
    process.exit(1);
  }
}

async function take(step) {
  if (step.isDone()) return;
  const began = performance.now();
  try {
    await step.make();
  } catch (error) {
    console.error(`✗ ${step.name}`);
    throw error;
  }
  console.error(`✓ ${step.name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  const wanted = OLDEST_NODE.join('.');
  throw new Error(
    `Fieldbell needs Node ${wanted} or newer, and this is ${process.version}. Install it from nodejs.org.`,
  );
}
