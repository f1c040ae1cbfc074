import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, type Day, dayOf, instantOf, isDay, systemClock } from '../../src/core/time.ts';
import { type EmulatedCall, seatName, type Truth, truthOf } from './guanke-calls.ts';

export { planDay } from './guanke-calls.ts';

const ZONE = 'Asia/Shanghai';
const TOKEN_MS = 30 * 86_400_000;
const LONGEST_SPAN_DAYS = 7;
const MOST_ROWS = 1_000;

/** How the next calls go wrong, one after another. */
export type GuankeTrouble =
  | { kind: 'http'; status: number; headers?: Record<string, string> }
  /** HTTP 200 with another code in the envelope. */
  | { kind: 'code'; code: number; message?: string }
  | { kind: 'page' }
  /** The body ends in the middle. */
  | { kind: 'truncated' }
  /** A page with half of its rows, or statistics without content and total. */
  | { kind: 'half' }
  | { kind: 'reset' }
  | { kind: 'hang' }
  | { kind: 'delay'; ms: number };

type Endpoint = 'token' | 'stat' | 'records';

/** How it behaves at large; may be changed at any time. */
export interface GuankeKnobs {
  latencyMs: number;
  /** Ids as JSON numbers of 19 digits. */
  numericIds: boolean;
  /** 总计 and 平均 among the accounts. */
  pseudoRows: boolean;
  /** Sums beside the rows. */
  total: boolean;
  /** Newest records first: what is added shifts the pages. */
  newestFirst: boolean;
  /** Added to the end of a day after each page of it was given. */
  growth: ((day: Day) => EmulatedCall | null) | null;
  /** Rows of the page before that stand again on each page; `totalCount` counts them. */
  repeatedRows: number;
  /** Numbers as text, no field that may be missing, others that nobody knows, and numbers not dialled have no time. */
  variant: boolean;
  /** A new token ends the one before. */
  oneToken: boolean;
  /** A token is good for this many calls. */
  callsPerToken: number;
  /** Requests at once before it answers 429. */
  atOnce: number;
  /** The days never change: each page is made once, so that what asks is measured and not the emulator. */
  still: boolean;
  /** Success by account, where it is to differ from the labels. */
  accountSuccess: ((day: Day, labelled: number) => number) | null;
}

export interface GuankeEmulator {
  url: string;
  knobs: GuankeKnobs;
  /** Day → its calls, in the order of time. */
  days: Map<Day, EmulatedCall[]>;
  truth(day: Day): Truth;
  /** What was asked, in order: `token`, `stat 1 2025-10-25`, `records 2025-10-25 p1`. */
  readonly asked: string[];
  /** The most requests that it had at once. */
  readonly busiest: number;
  misbehave(trouble: GuankeTrouble, options?: { times?: number; on?: Endpoint; page?: number }): void;
  /** Forgets what was to go wrong. */
  calm(): void;
  /** Every token is unknown from now on, or has expired. */
  revokeTokens(code?: 1_000_001 | 1_000_002): void;
  close(): Promise<void>;
}

/**
 * A Guanke on 127.0.0.1: tokens by password or secret, raw `Authorization`, statistics over a span (by account, line and
 * task), call records in pages at both addresses; spans of seven days, pages of 1,000 rows.
 */
export async function startGuankeEmulator(
  options: {
    account?: { username: string; password: string };
    secret?: string;
    clock?: Pick<Clock, 'now'>;
    port?: number;
  } = {},
): Promise<GuankeEmulator> {
  const account = options.account ?? { username: 'fieldbell', password: 'p@ss&word' };
  const secret = options.secret ?? 'console-secret';
  const clock = options.clock ?? systemClock(ZONE);
  const tokens = new Map<string, { since: number; calls: number; code?: number }>();
  const troubles: { trouble: GuankeTrouble; on: Endpoint; page?: number | undefined }[] = [];
  const asked: string[] = [];
  const days = new Map<Day, EmulatedCall[]>();
  let now = 0;
  let busiest = 0;
  const knobs: GuankeKnobs = {
    latencyMs: 0,
    numericIds: true,
    pseudoRows: true,
    total: true,
    newestFirst: true,
    growth: null,
    repeatedRows: 0,
    variant: false,
    oneToken: false,
    callsPerToken: Number.POSITIVE_INFINITY,
    atOnce: Number.POSITIVE_INFINITY,
    still: false,
    accountSuccess: null,
  };
  const made = new Map<string, Reply>();

  const seconds = () => Math.floor(clock.now().getTime() / 1_000);
  /** What was dialled by now: the rest of today is not known yet. */
  const callsOf = (day: Day) => {
    const until = seconds();
    return (days.get(day) ?? []).filter((call) => call.callTime <= until);
  };

  function signIn(right: boolean): Reply {
    if (!right) return envelope(null, 1_000_003, '用户名或密码错误');
    const token = `emu_${crypto.randomUUID()}`;
    if (knobs.oneToken) for (const kept of tokens.values()) kept.code ??= 1_000_001;
    tokens.set(token, { since: clock.now().getTime(), calls: 0 });
    return envelope({ token });
  }

  function tokenFault({ headers }: IncomingMessage): Reply | null {
    const token = tokens.get(String(headers.authorization));
    if (!token) return envelope(null, 1_000_001, 'token无效');
    if (clock.now().getTime() - token.since >= TOKEN_MS) token.code ??= 1_000_002;
    if (++token.calls > knobs.callsPerToken) token.code ??= 1_000_001;
    if (token.code) return envelope(null, token.code, token.code === 1_000_001 ? 'token无效' : 'token已过期');
    return null;
  }

  function stat(body: string, half: boolean): Reply {
    const { start_time: from, end_time: to, query_type: type } = JSON.parse(body) as Record<string, string | number>;
    const span = spanOf(`${from}`, `${to}`);
    if (typeof span === 'string') return envelope(null, 400, span);
    if (half) return envelope({});
    const rows = new Map<number, StatRow>();
    const total: StatRow = { user_id: 0, username: '总计', callout_number: 0, called_number: 0, success_number: 0 };
    const keyOf = (call: EmulatedCall): [number, string] => {
      if (type === 20) return [call.taskId, call.taskName];
      if (type === 10) return [call.deviceId, call.deviceName];
      return [call.userId, seatName(call.userId)];
    };
    for (const day of span) {
      let labelled = 0;
      let sold: StatRow | undefined;
      for (const call of callsOf(day)) {
        const [id, username] = keyOf(call);
        const row = rows.get(id) ?? { user_id: id, username, callout_number: 0, called_number: 0, success_number: 0 };
        rows.set(id, row);
        const success = /成功单[91]元/.test(call.grade ?? '');
        for (const each of [row, total]) {
          if (call.callState > 0) each.callout_number++;
          if (call.callState === 2) each.called_number++;
          if (success) each.success_number++;
        }
        if (success) [labelled, sold] = [labelled + 1, row];
      }
      const more = (knobs.accountSuccess?.(day, labelled) ?? labelled) - labelled;
      total.success_number += more;
      if (sold) sold.success_number += more;
    }
    const finished = (row: StatRow) => ({
      ...row,
      connected_rate: row.callout_number ? `${((100 * row.called_number) / row.callout_number).toFixed(2)}%` : null,
      intention_number: row.called_number,
      intention_number2: 0,
      total_talk_duration: row.called_number * 37,
      ...(knobs.variant && {
        callout_number: row.callout_number.toLocaleString('en-US'),
        called_number: String(row.called_number),
        success_number: row.success_number || null,
        connected_rate: undefined,
        agent_group: '一组',
      }),
    });
    const content = [...rows.values()].map(finished);
    const mean: StatRow = { ...total, username: '平均' };
    for (const name of ['callout_number', 'called_number', 'success_number'] as const)
      mean[name] = Math.round((100 * total[name]) / Math.max(1, content.length)) / 100;
    return envelope({
      content: knobs.pseudoRows ? [...content, finished(total), finished(mean)] : content,
      ...(knobs.total && { total: finished(total), average: finished(mean) }),
    });
  }

  function records(query: URLSearchParams, alias: boolean, half: boolean): Reply {
    const named = (ours: string, theirs: string) => query.get(alias ? theirs : ours) ?? '';
    const [from, to] = [named('startTime', 'start_datetime'), named('endTime', 'end_datetime')];
    const page = Number(query.get('page') ?? 0);
    const size = Number(named('pageSize', 'page_size') || 10);
    const span = spanOf(from.slice(0, 10), to.slice(0, 10));
    if (typeof span === 'string') return envelope(null, 400, span);
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(from) || !/ \d\d:\d\d:\d\d$/.test(to) || page < 1)
      return envelope(null, 400, '参数错误');
    const epoch = (wall: string) => instantOf(wall.slice(0, 10), wall.slice(11), ZONE).getTime() / 1_000;
    const [start, end] = [epoch(from), epoch(to)];
    const filters: [string, (call: EmulatedCall) => unknown][] = [
      ['callState', (call) => call.callState],
      ['taskId', (call) => call.taskId],
    ];
    const wanted = filters.filter(([name]) => query.get(name));
    const last = Math.min(end, seconds());
    const isWanted = (call: EmulatedCall) => wanted.every(([name, of]) => query.get(name) === String(of(call)));
    const calls: EmulatedCall[] = [];
    for (const day of span) {
      for (const call of days.get(day) ?? []) {
        if (call.callTime < start || call.callTime > last) continue;
        if (wanted.length === 0 || isWanted(call)) calls.push(call);
      }
    }
    const totalCount = calls.length + knobs.repeatedRows * Math.max(0, Math.ceil(calls.length / size) - 1);
    const shown = size > MOST_ROWS ? [] : pageOf(calls, page, size, knobs);
    const given = half ? shown.slice(0, shown.length >> 1) : shown;
    const grown = span[0] && knobs.growth?.(span[0]);
    if (grown) days.get(span[0] as Day)?.push(grown);
    const rows = given.map((call) => (knobs.variant ? variantOf(call) : record(call, knobs.numericIds))).join(',');
    const data = `{"data":[${rows}],"totalCount":${knobs.variant ? `"${totalCount}"` : totalCount},"page":${page},"start":${start},"end":${end},"only":""}`;
    return { status: 200, body: `{"code":200,"message":"OK","data":${data}}` };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator');
    const body = await text(request);
    const endpoint = ENDPOINTS[`${request.method} ${url.pathname}`];
    if (!endpoint) return reply(response, { status: 404, body: '{"code":404,"message":"not found","data":null}' });
    asked.push(nameOf(endpoint, url.searchParams, body));
    const page = Number(url.searchParams.get('page'));
    const at = troubles.findIndex((one) => one.on === endpoint && (one.page === undefined || one.page === page));
    const trouble = at < 0 ? undefined : troubles.splice(at, 1)[0]?.trouble;
    const normal = (): Reply => {
      if (url.pathname === '/token') {
        const { username, password } = account;
        return signIn(url.searchParams.get('username') === username && url.searchParams.get('password') === password);
      }
      if (url.pathname === '/token/secret') return signIn(url.searchParams.get('secret') === secret);
      const half = trouble?.kind === 'half';
      const fault = tokenFault(request);
      if (fault) return fault;
      if (endpoint === 'stat') return stat(body, half);
      const kept = knobs.still && made.get(url.search);
      if (kept) return kept;
      const { body: page, ...rest } = records(url.searchParams, url.pathname === '/call_record/getCallRecord', half);
      const reply = { ...rest, body: knobs.still ? Buffer.from(page) : page };
      if (knobs.still) made.set(url.search, reply);
      return reply;
    };
    if (endpoint !== 'token' && knobs.latencyMs > 0) await sleep(knobs.latencyMs);
    switch (trouble?.kind) {
      case 'http':
        return reply(response, {
          status: trouble.status,
          body: '<html>gateway</html>',
          headers: trouble.headers ?? {},
        });
      case 'code':
        return reply(response, envelope(null, trouble.code, trouble.message ?? '系统繁忙'));
      case 'page':
        return reply(response, { status: 200, body: '<!doctype html><title>Sign in</title>' });
      case 'truncated': {
        const { body: whole, ...rest } = normal();
        return reply(response, { ...rest, body: whole.slice(0, whole.length / 2) });
      }
      case 'reset':
        request.socket.destroy();
        return;
      case 'hang':
        return;
      case 'delay':
        await sleep(trouble.ms);
        return reply(response, normal());
      default:
        return reply(response, normal());
    }
  }

  const server = createServer((request, response) => {
    now++;
    busiest = Math.max(busiest, now);
    response.once('close', () => now--);
    if (now > knobs.atOnce) return reply(response, { status: 429, body: '', headers: { 'retry-after': '0' } });
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    knobs,
    days,
    truth: (day) => truthOf(callsOf(day)),
    asked,
    get busiest() {
      return busiest;
    },
    misbehave(trouble, { times = 1, on = 'records', page } = {}) {
      for (let i = 0; i < times; i++) troubles.push({ trouble, on, page });
    },
    calm() {
      troubles.length = 0;
    },
    revokeTokens(code = 1_000_001) {
      for (const token of tokens.values()) token.code = code;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface StatRow {
  user_id: number;
  username: string;
  callout_number: number;
  called_number: number;
  success_number: number;
}

interface Reply {
  status: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

const ENDPOINTS: Record<string, Endpoint> = {
  'GET /token': 'token',
  'GET /token/secret': 'token',
  'POST /extension/agent/stat': 'stat',
  'GET /task/cdr/all2': 'records',
  'GET /call_record/getCallRecord': 'records',
};

function nameOf(endpoint: Endpoint, query: URLSearchParams, body: string): string {
  if (endpoint === 'token') return 'token';
  if (endpoint === 'stat') {
    const { query_type, start_time } = JSON.parse(body) as Record<string, unknown>;
    return `stat ${query_type} ${start_time}`;
  }
  const from = query.get('startTime') ?? query.get('start_datetime') ?? '';
  return `records ${from.slice(0, 10)} p${query.get('page')}`;
}

/** The days of a span, or what is wrong with it. */
function spanOf(from: string, to: string): Day[] | string {
  if (!isDay(from) || !isDay(to) || to < from) return '时间参数错误';
  const days: Day[] = [];
  for (let at = instantOf(from, '12:00:00', ZONE).getTime(); ; at += 86_400_000) {
    const day = dayOf(new Date(at), ZONE);
    if (day > to) return days;
    days.push(day);
    if (days.length > LONGEST_SPAN_DAYS) return '时间跨度不能超过7天';
  }
}

/** Of calls in the order of time, those of a page. */
function pageOf(
  calls: EmulatedCall[],
  page: number,
  size: number,
  { newestFirst, repeatedRows }: GuankeKnobs,
): EmulatedCall[] {
  const [from, to] = [(page - 1) * size, page * size];
  if (repeatedRows > 0) {
    return withRepeats(newestFirst ? calls.toReversed() : calls, size, repeatedRows).slice(from, to);
  }
  if (!newestFirst) return calls.slice(from, to);
  return calls.slice(Math.max(0, calls.length - to), Math.max(0, calls.length - from)).reverse();
}

/** Each page but the first begins with the last rows of the one before. */
function withRepeats(calls: readonly EmulatedCall[], size: number, repeats: number): EmulatedCall[] {
  const shown: EmulatedCall[] = [];
  for (const call of calls) {
    if (shown.length > 0 && shown.length % size === 0) shown.push(...shown.slice(-repeats));
    shown.push(call);
  }
  return shown;
}

function record(call: EmulatedCall, numericIds: boolean): string {
  const { id, taskName, ...rest } = call;
  const row = JSON.stringify({
    taskId: rest.taskId,
    TaskName: taskName,
    userId: rest.userId,
    companyId: 77,
    ccId: 0,
    deviceId: rest.deviceId,
    deviceName: rest.deviceName,
    phone: '0'.repeat(24) + id.slice(-8),
    realPhone: '',
    callTime: rest.callTime,
    duration: rest.duration,
    callState: rest.callState,
    minute: Math.ceil(rest.duration / 60),
    money: 9 * Math.ceil(rest.duration / 60),
    isCall: rest.callState > 0 ? 1 : 0,
    isFollow: 0,
    hangupReason: rest.callState === 2 ? 'NORMAL_CLEARING' : 'NO_ANSWER',
    grade: rest.grade,
    audio: '',
    province: '某省',
    city: '某市',
    ext: '{}',
    params: `{"lead":${id}}`,
    remark: '',
  });
  return `{"id":${numericIds ? id : `"${id}"`},${row.slice(1)}`;
}

function variantOf({
  id,
  taskId,
  taskName,
  userId,
  deviceName,
  callTime,
  duration,
  callState,
  grade,
}: EmulatedCall): string {
  return JSON.stringify({
    unknown: { nested: [1, { id: 'no' }] },
    ...(grade !== null && { grade }),
    hangupReason: callState === 2 ? 'NORMAL_CLEARING' : null,
    isCall: callState > 0 ? '1' : '0',
    callTime: callState > 0 ? String(callTime) : 0,
    duration: String(duration),
    deviceName,
    userId: String(userId),
    TaskName: taskName,
    taskId: String(taskId),
    id,
  });
}

function envelope(data: unknown, code = 200, message = 'OK'): Reply {
  return { status: 200, body: JSON.stringify({ code, message, data }) };
}

function reply(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers }).end(body);
}
