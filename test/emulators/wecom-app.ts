import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../src/core/time.ts';
import { type CallbackSecrets, eventXml, postCallback, type SignedCall, signedCall } from './wecom-app-callback.ts';
import { createMediaStore } from './wecom-app-media.ts';
import { type AppBody, type AppCard, readAppBody, readUpdate } from './wecom-app-rules.ts';
import { Refused, type Upload } from './wecom-robot-rules.ts';
import { type Answer, json, startWecomServer, type WecomRequest, type WecomServer } from './wecom-server.ts';

export type { Trouble } from './wecom-server.ts';

/** What a member sees. */
export interface Shown {
  at: Date;
  body: AppBody;
  /** Of `image` and `file`. */
  upload?: Upload;
  /** As it is now, after updates. */
  card?: AppCard;
}

const ENDPOINTS = {
  '/cgi-bin/message/send': 'send',
  '/cgi-bin/message/update_template_card': 'update',
  '/cgi-bin/media/upload': 'upload',
  '/cgi-bin/media/get': 'download',
  '/cgi-bin/gettoken': 'gettoken',
} as const;
type Endpoint = (typeof ENDPOINTS)[keyof typeof ENDPOINTS];

/** Its `url` is to be used as `WECOM_API_BASE`. `misbehave` is about `message/send` unless told. */
export interface WecomAppEmulator extends WecomServer<Endpoint> {
  /** What a member sees, in order. */
  received(user: string): readonly Shown[];
  /** Bodies of `message/send` as they came, swallowed and dropped ones too. */
  sent(): readonly string[];
  /** Messages that WeCom did not show because the member had too many. */
  dropped(): number;
  /** How often a token was given. */
  tokens(): number;
  expireToken(): void;
  /** All media are forgotten, as after three days. */
  forgetMedia(): void;
  /** The member leaves: `invaliduser`, and 81013 where nobody else is addressed. */
  leave(user: string): void;
  withdrawLicence(user: string): void;
  /** A member says something to the app. @returns the statuses of the calls of `address`; 0 is no answer */
  say(address: string, user: string, text: string, id?: string): Promise<number[]>;
  /** A member presses a button of the last card that shows it. */
  press(address: string, user: string, label: string): Promise<number[]>;
  /** A member sends a picture. */
  picture(address: string, user: string, bytes: Buffer): Promise<number[]>;
  /** Any other event, e.g. `{ Event: 'enter_agent' }`. */
  event(address: string, user: string, elements: Record<string, string | number>): Promise<number[]>;
  /** An event as a call that is not made, to be spoilt. */
  call(user: string, elements: Record<string, string | number>): SignedCall;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOKEN_SECONDS = 7200;
const CODE_MS = 72 * HOUR_MS;
const DUPLICATE_SECONDS = 1800;

/**
 * WeCom's API for one self-built app on 127.0.0.1, and WeCom's calls of the app's address. A member takes 30 messages in a
 * minute and 1000 in an hour; what is more is dropped and answered with errcode 0, as WeCom does. Windows slide.
 */
export async function startWecomAppEmulator(options: {
  corpId: string;
  secret: string;
  agentId: number;
  callbackToken: string;
  callbackAesKey: string;
  users: readonly string[];
  clock?: Pick<Clock, 'now'>;
  /** How long WeCom waits for an answer of the app's address; 5 s. */
  callbackWaitMs?: number;
}): Promise<WecomAppEmulator> {
  const { corpId, secret, agentId } = options;
  const clock = options.clock ?? systemClock('Asia/Shanghai');
  const now = () => clock.now().getTime();
  const secrets: CallbackSecrets = { corpId, agentId, token: options.callbackToken, aesKey: options.callbackAesKey };
  const users = new Map(options.users.map((user) => [user.toLowerCase(), [] as Shown[]]));
  const unlicensed = new Set<string>();
  const media = createMediaStore(now);
  const codes = new Map<string, { user: string; task: string; at: number; used: boolean }>();
  const tasks = new Set<string>();
  const duplicates = new Map<string, number>();
  const bodies: string[] = [];
  let token = { value: '', until: 0 };
  let given = 0;
  let dropped = 0;
  let ids = 7_000_000_000_000_000_000n;

  function gettoken(query: URLSearchParams): Answer {
    if (query.get('corpid') !== corpId) throw new Refused(40013, 'invalid corpid');
    if (query.get('corpsecret') !== secret) throw new Refused(40001, 'invalid credential');
    if (token.until <= now()) {
      token = { value: `token-${randomUUID()}-${randomUUID()}`, until: now() + TOKEN_SECONDS * 1000 };
    }
    given++;
    const expires_in = Math.floor((token.until - now()) / 1000);
    return json({ errcode: 0, errmsg: 'ok', access_token: token.value, expires_in });
  }

  function checkToken(query: URLSearchParams): void {
    const value = query.get('access_token');
    if (!value) throw new Refused(41001, 'access_token missing');
    if (value !== token.value) throw new Refused(40014, 'invalid access_token');
    if (token.until <= now()) throw new Refused(42001, 'access_token expired');
  }

  function send(payload: string): Answer {
    bodies.push(payload);
    const body = readAppBody(payload);
    if (body.agentid !== agentId) throw new Refused(301002, 'not allow operate another agent with this accesstoken');
    const named = body.touser.split('|').map((user) => user.toLowerCase());
    const there = named.filter((user) => users.has(user));
    const licensed = there.filter((user) => !unlicensed.has(user));
    if (there.length === 0) throw new Refused(81013, 'user & party & tag all invalid');
    const upload = uploadOf(body);
    const answer = {
      errcode: 0,
      errmsg: 'ok',
      invaliduser: named.filter((user) => !users.has(user)).join('|'),
      invalidparty: '',
      invalidtag: '',
      unlicenseduser: there.filter((user) => unlicensed.has(user)).join('|'),
      msgid: randomUUID(),
    };
    if (isDuplicate(body, payload)) return json(answer);
    if (body.msgtype === 'template_card') {
      if (tasks.has(body.template_card.task_id)) throw new Refused(42014, 'task_id repeated');
      tasks.add(body.template_card.task_id);
    }
    for (const user of licensed) show(user, body, upload);
    if (body.msgtype !== 'template_card') return json(answer);
    return json({ ...answer, response_code: newCode(licensed[0] ?? '', body.template_card.task_id) });
  }

  function isDuplicate(body: AppBody, payload: string): boolean {
    if (body.enable_duplicate_check !== 1) return false;
    const known = (duplicates.get(payload) ?? 0) > now();
    if (!known) duplicates.set(payload, now() + (body.duplicate_check_interval ?? DUPLICATE_SECONDS) * 1000);
    return known;
  }

  function show(user: string, body: AppBody, upload: Upload | undefined): void {
    const seen = users.get(user) ?? [];
    const within = (ms: number) => seen.filter(({ at }) => now() - at.getTime() < ms).length;
    if (within(MINUTE_MS) >= 30 || within(HOUR_MS) >= 1000) {
      dropped++;
      return;
    }
    const card = body.msgtype === 'template_card' ? { card: body.template_card } : {};
    seen.push({ at: clock.now(), body, ...(upload && { upload }), ...card });
  }

  function uploadOf(body: AppBody): Upload | undefined {
    if (body.msgtype === 'image') return media.find('image', body.image.media_id);
    return body.msgtype === 'file' ? media.find('file', body.file.media_id) : undefined;
  }

  function newCode(user: string, task: string): string {
    const code = randomUUID();
    codes.set(code, { user, task, at: now(), used: false });
    return code;
  }

  /** The code for a used or old response_code is not documented. */
  function update(payload: string): Answer {
    const { userids, response_code, template_card, agentid } = readUpdate(payload);
    if (agentid !== agentId) throw new Refused(301002, 'not allow operate another agent with this accesstoken');
    const code = codes.get(response_code);
    if (!code || code.used || now() - code.at >= CODE_MS) throw new Refused(40058, 'invalid response_code');
    code.used = true;
    const known = userids.filter((user) => users.has(user.toLowerCase()));
    for (const user of known) {
      const shown = users.get(user.toLowerCase())?.find(({ card }) => card?.task_id === code.task);
      if (shown) shown.card = template_card;
    }
    return json({ errcode: 0, errmsg: 'ok', invaliduser: userids.filter((user) => !known.includes(user)) });
  }

  function answer(endpoint: Endpoint, request: WecomRequest): Answer {
    const { searchParams } = request.url;
    if (endpoint === 'gettoken') return gettoken(searchParams);
    checkToken(searchParams);
    if (endpoint === 'download') return media.download(request);
    if (request.method !== 'POST') throw new Refused(43002, 'require POST method');
    if (endpoint === 'upload') return media.upload(request);
    const payload = request.payload.toString();
    return endpoint === 'send' ? send(payload) : update(payload);
  }

  const call = (user: string, elements: Record<string, string | number>): SignedCall => {
    const CreateTime = Math.floor(now() / 1000);
    const xml = eventXml({ ToUserName: corpId, FromUserName: user, CreateTime, ...elements, AgentID: agentId });
    return signedCall(xml, secrets, clock.now());
  };
  const post = (address: string, user: string, elements: Record<string, string | number>) =>
    postCallback(address, call(user, elements), options.callbackWaitMs);
  const nextId = () => String(++ids);

  const server = await startWecomServer<Endpoint>({ clock, endpoints: ENDPOINTS, answer });
  return {
    ...server,
    received: (user) => [...(users.get(user.toLowerCase()) ?? [])],
    sent: () => [...bodies],
    dropped: () => dropped,
    tokens: () => given,
    expireToken() {
      token.until = 0;
    },
    forgetMedia: () => media.forget(),
    leave: (user) => void users.delete(user.toLowerCase()),
    withdrawLicence: (user) => void unlicensed.add(user.toLowerCase()),
    call,
    say: (address, user, text, MsgId = nextId()) => post(address, user, { MsgType: 'text', Content: text, MsgId }),
    picture(address, user, bytes) {
      const MediaId = media.keep('image', { name: 'p.jpg', bytes });
      return post(address, user, { MsgType: 'image', PicUrl: 'https://p.invalid/1', MediaId, MsgId: nextId() });
    },
    event: (address, user, elements) => post(address, user, { MsgType: 'event', ...elements }),
    async press(address, user, label) {
      const cards = (users.get(user.toLowerCase()) ?? []).flatMap(({ card }) => (card ? [card] : []));
      const card = cards.findLast(({ button_list, replace_text }) =>
        replace_text ? false : button_list.some(({ text }) => text === label),
      );
      const button = card?.button_list.find(({ text }) => text === label);
      if (!card || !button) throw new Error(`${user} sees no button ${label}`);
      return post(address, user, {
        MsgType: 'event',
        Event: 'template_card_event',
        EventKey: button.key,
        TaskId: card.task_id,
        CardType: card.card_type,
        ResponseCode: newCode(user, card.task_id),
      });
    },
  };
}
