import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Message } from '../src/core/message.ts';
import { type TestApp, testApp } from './app.ts';

const TOKEN = 'staff-token-1';
const LEAD = 'lead-token-1';
const PASSWORD = 'a long password';

describe('HTTP', () => {
  let test: TestApp;
  let http: FastifyInstance;
  beforeAll(async () => {
    test = await testApp({
      settings: {
        FIELDBELL_SAMPLE: 'on',
        FIELDBELL_API_TOKENS: `php:${TOKEN},erp:${LEAD}:lead`,
        FIELDBELL_ADMIN_PASSWORD: PASSWORD,
      },
    });
    await test.app.sample.open('on', false);
    await test.run('rewards.settle');
    http = await test.app.http();
  });
  afterAll(() => test.close());

  const command = (name: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    http.inject({
      method: 'POST',
      url: `/api/commands/${name}`,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    });

  it('says that it lives, and that it is ready', async () => {
    expect((await http.inject('/health')).json()).toEqual({ status: 'ok' });
    const ready = await http.inject('/ready');
    expect(ready.statusCode).toBe(200);
    expect(ready.json().parts.database).toBe('ok');
  });

  it('hands the pages out compressed, and small', async () => {
    const get = (url: string) => http.inject({ url, headers: { 'accept-encoding': 'gzip, deflate, br' } });
    for (const url of ['/', '/admin', '/admin/rules/beijing-2025-10']) {
      const page = await get(url);
      expect([url, page.headers['content-encoding']]).toEqual([url, 'gzip']);
      expect(page.headers['content-type']).toContain('text/html');
      const named = [
        ...gunzipSync(page.rawPayload)
          .toString()
          .matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g),
      ];
      const files = await Promise.all(named.map(([, file]) => get(file ?? '')));
      expect(files.length).toBeGreaterThan(2);
      for (const { headers } of files) {
        expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
        expect(headers['cache-control']).toContain('immutable');
      }
      expect(files.reduce((sum, { rawPayload }) => sum + rawPayload.length, 0)).toBeLessThan(100_000);
    }
    const plain = await http.inject('/admin');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.payload).toContain('<!doctype html>');
  });

  it('answers a command with the message as JSON, the same as typed', async () => {
    const answer = await command('calls.day', {}, { authorization: `Bearer ${LEAD}` });
    expect(answer.statusCode).toBe(200);
    const message = Message.parse(answer.json());
    expect(message.title).toBe((await test.ask('今日外呼')).message.title);
    const chart = message.blocks.find((block) => block.type === 'chart');
    const url = chart?.type === 'chart' ? chart.url : undefined;
    const picture = await http.inject(url ?? '');
    expect(picture.statusCode).toBe(200);
    expect(picture.headers['content-type']).toBe('image/png');
    expect((await http.inject((url ?? '').replace(/.$/, 'x'))).statusCode).toBe(403);
  });

  it('speaks the language that is asked for', async () => {
    const english = await command('whoami', {}, { 'accept-language': 'en' });
    expect(english.json().title).toBe('You are php');
  });

  it('asks for a person that a token names, with no more than the token may', async () => {
    const mine = await command('rewards.mine', {}, { 'x-fieldbell-person': 'sample-housekeeper' });
    expect(mine.json().title).toContain('累计奖励');
    const lead = await command('drivers.trend', { driver: 'D-1023' }, { 'x-fieldbell-person': 'sample-lead' });
    expect(lead.statusCode).toBe(403);
    const really = { authorization: `Bearer ${LEAD}`, 'x-fieldbell-person': 'sample-lead' };
    expect((await command('drivers.trend', { driver: 'D-1023' }, really)).statusCode).toBe(200);
    expect((await command('whoami', {}, { 'x-fieldbell-person': 'nobody' })).statusCode).toBe(400);
  });

  it('refuses what it must, in words that help', async () => {
    expect((await http.inject({ method: 'POST', url: '/api/commands/calls.day' })).statusCode).toBe(401);
    expect((await command('calls.day', {}, { authorization: 'Bearer wrong-token' })).statusCode).toBe(401);
    expect((await command('no.such')).statusCode).toBe(404);
    expect((await command('calls.day', { day: 'someday' })).statusCode).toBe(400);
    expect((await command('calls.day', { dya: '2026-11-19' })).json().blocks[0].text).toContain('dya');
    expect((await command('calls.day', [])).statusCode).toBe(400);
    const broken = await http.inject({
      method: 'POST',
      url: '/api/commands/calls.day',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      payload: '{"day":',
    });
    expect(broken.statusCode).toBe(400);
    expect((await http.inject('/api/openapi.json')).statusCode).toBe(401);
  });

  it('describes every command as OpenAPI from the same zod', async () => {
    const api = (await http.inject({ url: '/api/openapi.json', headers: { authorization: `Bearer ${TOKEN}` } })).json();
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths).sort()).toEqual(
      [
        '/api/driver-trend-analysis',
        '/api/events',
        ...test.app.commands.map((one) => `/api/commands/${one.name}`),
      ].sort(),
    );
    const body = api.paths['/api/commands/calls.day'].post.requestBody.content['application/json'].schema;
    expect(body.properties.day).toBeTruthy();
    expect(body.additionalProperties).toBe(false);
  });

  describe('the web chat', () => {
    const own = { 'x-fieldbell': '1', host: 'localhost', 'content-type': 'application/json' };
    async function signedIn(person: string): Promise<Record<string, string>> {
      const chosen = await http.inject({
        method: 'POST',
        url: '/api/console/session',
        headers: own,
        payload: JSON.stringify({ person }),
      });
      expect(chosen.statusCode).toBe(204);
      const [cookie] = chosen.cookies;
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      return { ...own, cookie: `${cookie?.name}=${cookie?.value}` };
    }
    const line = (headers: Record<string, string>, room: string, body: Record<string, unknown>) =>
      http.inject({
        method: 'POST',
        url: `/api/console/rooms/${encodeURIComponent(room)}/messages`,
        headers,
        payload: JSON.stringify({ id: 'line-0000001', ...body }),
      });
    const messages = async (headers: Record<string, string>, room: string) =>
      (await http.inject({ url: `/api/console/rooms/${encodeURIComponent(room)}/messages`, headers })).json().messages;

    beforeAll(async () => {
      await test.app.console.start?.(async (inbound) => {
        const asker = await test.app.people.askerAt(inbound.from);
        const { message } = await test.app.answer({ asker, text: inbound.text, call: inbound.call });
        await test.app.console.send(inbound.room, {
          blocks: [{ type: 'text', text: message.title ?? '' }],
          lang: 'zh',
        });
      }, new AbortController().signal);
    });

    it('lets one choose a sample person on this machine alone', async () => {
      const here = (await http.inject({ url: '/api/console/session', headers: own })).json();
      expect(here).toMatchObject({ me: null, sample: true, signIn: false });
      expect(here.people.length).toBeGreaterThan(3);
      const elsewhere = { ...own, host: 'fieldbell.example.com' };
      expect((await http.inject({ url: '/api/console/session', headers: elsewhere })).json()).toMatchObject({
        people: [],
        signIn: true,
      });
      const chosen = await http.inject({
        method: 'POST',
        url: '/api/console/session',
        headers: elsewhere,
        payload: '{"person":"sample-admin"}',
      });
      expect(chosen.statusCode).toBe(403);
    });

    it('takes a line once, and keeps what was said', async () => {
      const me = await signedIn('sample-lead');
      const sent = await line(me, '@sample-lead', { text: '今日外呼' });
      expect(sent.statusCode).toBe(202);
      expect((await line(me, '@sample-lead', { text: '今日外呼' })).json().message.seq).toBe(sent.json().message.seq);
      await expect.poll(async () => (await messages(me, '@sample-lead')).length).toBe(2);
    });

    it('keeps direct chats from others, and requests from other pages out', async () => {
      const me = await signedIn('sample-seat');
      expect((await http.inject({ url: '/api/console/rooms/%40sample-lead/messages', headers: me })).statusCode).toBe(
        404,
      );
      const { 'x-fieldbell': _, ...foreign } = me;
      expect((await line(foreign, '@sample-seat', { text: 'help' })).statusCode).toBe(403);
      expect((await line({ ...me, origin: 'https://evil.example' }, '@sample-seat', { text: 'help' })).statusCode).toBe(
        403,
      );
      expect((await line(me, '@sample-seat', { text: '' })).statusCode).toBe(400);
    });

    it('signs in by password or by a code that works once, and out again', async () => {
      const signIn = (proof: unknown) =>
        http.inject({ method: 'POST', url: '/api/console/sign-in', headers: own, payload: JSON.stringify(proof) });
      expect((await signIn({ password: 'wrong' })).statusCode).toBe(401);
      const good = await signIn({ password: PASSWORD });
      expect(good.statusCode).toBe(204);
      const cookie = `${good.cookies[0]?.name}=${good.cookies[0]?.value}`;
      const session = await http.inject({ url: '/api/console/session', headers: { ...own, cookie } });
      expect(session.json().me).toMatchObject({ id: 'admin', role: 'admin' });
      const code = await test.app.people.code('sample-driver', 1);
      expect((await signIn({ code })).statusCode).toBe(204);
      expect((await signIn({ code })).statusCode).toBe(401);
      await http.inject({ method: 'DELETE', url: '/api/console/session', headers: { ...own, cookie } });
      expect((await http.inject({ url: '/api/console/session', headers: { ...own, cookie } })).json().me).toBeNull();
    });
  });
});
