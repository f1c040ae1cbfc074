// `npm run setup`: installs, generates and builds what is missing. Every other script does this first by itself.
import { setUp } from './steps/index.mjs';

await setUp();
