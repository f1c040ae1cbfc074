// The emulated Guanke in a process of its own, for measuring and for trying things by hand: `node scripts/guanke.mjs
// --port 8099 --day 2025-10-25 --records 94347 --latency 100`. It prints its address; user name `fieldbell`, password
// `p@ss&word`, secret `console-secret`. A parent process may change its knobs by messages: `{ knobs: { latencyMs: 5 } }`.
import { parseArgs } from 'node:util';
import { loadTypescript } from './steps/typescript.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    day: { type: 'string', multiple: true, default: [new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)] },
    records: { type: 'string', default: '2000' },
    latency: { type: 'string', default: '100' },
  },
});
const { exports } = await loadTypescript('test/emulators/guanke.ts');
const guanke = await exports.startGuankeEmulator({ port: Number(values.port) });
const records = Number(values.records);
for (const day of values.day)
  guanke.days.set(day, exports.planDay(day, { records, nine: 20, one: 5, decoys: 3, seats: 19 }));
guanke.knobs.latencyMs = 0;
guanke.knobs.still = true;
for (const day of values.day) await readOnce(day);
guanke.knobs.latencyMs = Number(values.latency);
console.log(guanke.url);
process.on('message', ({ knobs }) => Object.assign(guanke.knobs, knobs));
process.send?.({ url: guanke.url, truth: Object.fromEntries(values.day.map((day) => [day, guanke.truth(day)])) });
process.on('disconnect', () => process.exit());

/** Has every page of a day made, as Fieldbell asks for it: what is measured later is not the emulator. */
async function readOnce(day) {
  const { data } = await (await fetch(`${guanke.url}/token/secret?secret=console-secret`)).json();
  for (let page = 1; page <= Math.ceil(records / 1_000); page++) {
    const query = { startTime: `${day} 00:00:00`, endTime: `${day} 23:59:59`, pageSize: 1_000, page };
    const headers = { authorization: data.token };
    await (await fetch(`${guanke.url}/task/cdr/all2?${new URLSearchParams(query)}`, { headers })).arrayBuffer();
  }
}
