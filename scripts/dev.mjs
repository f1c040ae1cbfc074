// `npm run dev`: the program, compiled and started again at every change, and the web page built at every change.
import { spawn } from 'node:child_process';
import { setUp } from './steps/index.mjs';
import { root } from './steps/run.mjs';

await setUp();
const commands = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  ['node_modules/vite/bin/vite.js', 'build', '--watch', '--logLevel', 'warn'],
  ['--watch-path=dist/src', '--watch-path=dist/bots', '--watch-path=dist/jobs', 'dist/src/main.js'],
];
const children = commands.map((args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }));
// Ctrl-C reaches the children by itself; this process only waits for them.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => children.map((child) => child.kill()));
