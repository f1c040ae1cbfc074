import { type Clock, systemClock } from '../../src/core/time.ts';
import { Refused, type RobotBody, readBody, readUpload, type Upload } from './wecom-robot-rules.ts';
import { type Answer, json, startWecomServer, type WecomRequest, type WecomServer } from './wecom-server.ts';

export type { Trouble } from './wecom-server.ts';

/** What people in the group saw. */
export interface Delivered {
  at: Date;
  body: RobotBody;
  /** Of `file` and `voice`. */
  upload?: Upload;
}

type Endpoint = 'send' | 'upload_media';

/** Its `url` is to be used as `WECOM_API_BASE`. */
export interface WecomRobotEmulator extends WecomServer<Endpoint> {
  received(key: string): readonly Delivered[];
  /** The robot is taken out of its group: 93000 from now on. */
  remove(key: string): void;
}

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const MEDIA_MS = 3 * 24 * 60 * MINUTE_MS;

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

  function answer(endpoint: Endpoint, { method, url, headers, payload }: WecomRequest): Answer {
    if (method !== 'POST') throw new Refused(43002, 'require POST method');
    const key = url.searchParams.get('key') ?? '';
    const robot = robots.get(key);
    if (!robot) throw new Refused(93000, 'invalid webhook url');
    if (endpoint === 'send') return send(key, robot, payload);
    return upload(robot, url.searchParams.get('type'), headers['content-type'] ?? '', payload);
  }

  const endpoints = { '/cgi-bin/webhook/send': 'send', '/cgi-bin/webhook/upload_media': 'upload_media' } as const;
  const server = await startWecomServer<Endpoint>({ clock, endpoints, answer });
  return {
    ...server,
    received: (key) => [...(groups.get(key) ?? [])],
    remove: (key) => void robots.delete(key),
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
