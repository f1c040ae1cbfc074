import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PER_MINUTE = 20;

/** Group robots on 127.0.0.1 that take 20 a minute each, whatever their keys, and refuse more as WeCom does. */
export async function startRobots(clock: { now(): Date }) {
  const sent = new Map<string, number[]>();
  const counts = { taken: 0, refused: 0 };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const now = clock.now().getTime();
      const own = (sent.get(request.url ?? '') ?? []).filter((at) => at > now - 60_000);
      const full = own.length >= PER_MINUTE;
      counts[full ? 'refused' : 'taken']++;
      sent.set(request.url ?? '', full ? own : [...own, now]);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(full ? { errcode: 45009, errmsg: 'api freq out of limit' } : { errcode: 0 }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
