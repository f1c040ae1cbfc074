// `npm run crash-proof -- --histories N --seed S`: kills the built service again and again, while the platforms misbehave,
// and checks that it keeps its promises. One JSON line at the end; exit code 1 where one is broken.
import { parseArgs } from 'node:util';
import { setUp } from './steps/index.mjs';
import { root } from './steps/run.mjs';
import { loadTypescript } from './steps/typescript.mjs';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    // How many times as fast as the machine's the service's clock runs.
    speed: { type: 'string', default: '8' },
    platforms: { type: 'string', default: 'wecom-robot,console,wecom-app,telegram,slack,wecom-bot' },
    batch: { type: 'string', default: '50' },
  },
});
const [histories, seed, speed, batch] = ['histories', 'seed', 'speed', 'batch'].map((name) => {
  const number = Number(values[name]);
  if (Number.isFinite(number) && number > 0) return number;
  console.error(`--${name} ${values[name]}: a number above 0`);
  return process.exit(2);
});

await setUp();
const { exports, close } = await loadTypescript('test/crash-proof/main.ts');
const say = (line) => console.error(line);
const platforms = values.platforms.split(',');
const { proof, stories } = await exports.crashProof({ root, histories, seed, speed, batch, platforms, say });
for (const story of stories.slice(0, 10)) say(story);
console.log(JSON.stringify(proof));
await close();
process.exit(stories.length > 0 ? 1 : 0);
