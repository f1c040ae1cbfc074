// `npm start`: sets up what is missing, then runs Fieldbell in this very process, so that signals reach it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import { setUp } from './steps/index.mjs';
import { root } from './steps/run.mjs';

// A server that mostly waits: a small nursery keeps its memory small and costs no measurable time.
v8.setFlagsFromString('--max-semi-space-size=2');
v8.setFlagsFromString('--semi-space-growth-factor=1');
await setUp();
const main = join(root, 'dist/src/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
