import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/core/time.ts';
import { Refused, type RobotBody, readBody, readUpload, type Upload } from './wecom-robot-rules.ts';

/** What people in the group saw. */
export interface Delivered {
  at: Date;
  body: RobotBody;
  /** Of `file` and `voice`. */
  upload?: Upload;
}

/** How the next calls go wrong, one after another. */
export type Trouble =
  /** An answer with this code; nothing is delivered. -1 is "system busy". */
  | { kind: 'errcode'; errcode: number }
  /** A gateway's answer without JSON. */
  | { kind: 'http'; status: number; headers?: Record<string, string>; delivered?: boolean }
  /** Delivered, never answered. */
  | { kind: 'hang' }
  /** The connection is cut once the request was read. */
  | { kind: 'reset'; delivered: boolean }
  /** Delivered, answered late. */
  | { kind: 'delay'; ms: number }
  /** Delivered, and the answer is half of the JSON. */
  | { kind: 'truncated' };

export interface WecomRobotEmulator {
  /** To be used as `WECOM_API_BASE`. */
  url: string;
  received(key: string): readonly Delivered[];
  misbehave(trouble: Trouble, options?: { times?: number; on?: Endpoint }): void;
  /** The robot is taken out of its group: 93000 from now on. */
  remove(key: string): void;
  close(): Promise<void>;
}

type Endpoint = 'send' | 'upload_media';
interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const MEDIA_MS = 3 * 24 * 60 * MINUTE_MS;
const SAID: Record<number, string> = {
  [-1]: 'system busy',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
};

/**
 * A WeCom group robot's webhook on 127.0.0.1, as strict as the real one. The limit is a sliding window of 60 s (the
 * documentation does not say which window it is), and calls that it blocks do not count.
 */
export async function startWecomRobotEmulator(options: {
  keys: readonly string[];
  clock?: Pick<Clock, 'now'>;
}): Promise<WecomRobotEmulator> {
  const clock = options.clock ?? systemClock('Asia/Shanghai');
  const robots = new Map(options.keys.map((key) => [key, newRobot()]));
  const groups = new Map(options.keys.map((key) => [key, [] as Delivered[]]));
  const troubles: { trouble: Trouble; on: Endpoint }[] = [];
  let calls = 0;

  function send(key: string, robot: Robot, payload: Buffer): Answer {
    const now = clock.now();
    robot.sent = robot.sent.filter((at) => now.getTime() - at.getTime() < MINUTE_MS);
    if (robot.sent.length >= PER_MINUTE) throw new Refused(45009, 'api freq out of limit');
    const body = readBody(payload.toString());
    const upload = uploadOf(body, robot, now);
    robot.sent.push(now);
    groups.get(key)?.push({ at: now, body, ...(upload && { upload }) });
    return json({ errcode: 0, errmsg: 'ok' });
  }

  function upload(robot: Robot, type: string | null, contentType: string, payload: Buffer): Answer {
    const media = { ...readUpload(type, contentType, payload), type, at: clock.now() };
    const media_id = `3${crypto.randomUUID().replaceAll('-', '')}`;
    robot.media.set(media_id, media);
    const created_at = String(Math.floor(media.at.getTime() / 1000));
    return json({ errcode: 0, errmsg: 'ok', type, media_id, created_at });
  }

  function answer(endpoint: Endpoint, url: URL, request: IncomingMessage, payload: Buffer): Answer {
    try {
      if (request.method !== 'POST') throw new Refused(43002, 'require POST method');
      const key = url.searchParams.get('key') ?? '';
      const robot = robots.get(key);
      if (!robot) throw new Refused(93000, 'invalid webhook url');
      if (endpoint === 'send') return send(key, robot, payload);
      return upload(robot, url.searchParams.get('type'), request.headers['content-type'] ?? '', payload);
    } catch (error) {
      if (error instanceof Refused) return refused(error.errcode, error.message);
      throw error;
    }
  }

  function refused(errcode: number, errmsg: string): Answer {
    const hint = `${clock.now().getTime()}${String(++calls).padStart(8, '0')}`;
    const tail = `hint: [${hint}], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
    return json({ errcode, errmsg: `${errmsg}, ${tail}` });
  }

  function takeTrouble(endpoint: Endpoint): Trouble | undefined {
    const index = troubles.findIndex(({ on }) => on === endpoint);
    return index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const endpoint = /^\/cgi-bin\/webhook\/(send|upload_media)$/.exec(url.pathname)?.[1] as Endpoint | undefined;
    const payload = await buffer(request);
    if (!endpoint) return reply(response, { status: 404, body: 'Not Found' });
    const trouble = takeTrouble(endpoint);
    const normal = () => answer(endpoint, url, request, payload);
    switch (trouble?.kind) {
      case undefined:
        return reply(response, normal());
      case 'errcode':
        return reply(response, refused(trouble.errcode, SAID[trouble.errcode] ?? 'refused'));
      case 'http':
        if (trouble.delivered) normal();
        return reply(response, {
          status: trouble.status,
          body: '<html>gateway</html>',
          headers: trouble.headers ?? {},
        });
      case 'hang':
        normal();
        return;
      case 'reset':
        if (trouble.delivered) normal();
        request.socket.destroy();
        return;
      case 'delay': {
        const late = normal();
        await sleep(trouble.ms);
        return reply(response, late);
      }
      case 'truncated': {
        const { body, ...rest } = normal();
        return reply(response, { ...rest, body: body.slice(0, body.length / 2) });
      }
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: (key) => [...(groups.get(key) ?? [])],
    misbehave(trouble, { times = 1, on = 'send' } = {}) {
      for (let i = 0; i < times; i++) troubles.push({ trouble, on });
    },
    remove: (key) => void robots.delete(key),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Robot {
  sent: Date[];
  media: Map<string, Upload & { at: Date; type: string | null }>;
}

function newRobot(): Robot {
  return { sent: [], media: new Map() };
}

/** A media id is good for three days, and for the robot and the type that it was uploaded with. */
function uploadOf(body: RobotBody, robot: Robot, now: Date): Upload | undefined {
  if (body.msgtype !== 'file' && body.msgtype !== 'voice') return undefined;
  const id = body.msgtype === 'file' ? body.file.media_id : body.voice.media_id;
  const media = robot.media.get(id);
  if (media?.type !== body.msgtype || now.getTime() - media.at.getTime() >= MEDIA_MS) {
    throw new Refused(40007, 'invalid media_id');
  }
  return { name: media.name, bytes: media.bytes };
}

function json(body: object): Answer {
  return { status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=UTF-8' } };
}

function reply(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, headers).end(body);
}
