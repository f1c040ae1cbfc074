import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './app.ts';

const PASSWORD = 'the first password';
const own = { 'x-fieldbell': '1', host: 'fieldbell.test', 'content-type': 'application/json' };
type Headers = Record<string, string>;

describe('administration', () => {
  let test: TestApp;
  let http: FastifyInstance;
  let admin: Headers;
  beforeAll(async () => {
    test = await testApp({
      settings: { FIELDBELL_ADMIN_PASSWORD: PASSWORD, FIELDBELL_API_TOKENS: 'php:staff-token-1' },
    });
    http = await test.app.http();
    admin = await signIn({ password: PASSWORD });
  });
  afterAll(() => test.close());

  const post = (url: string, headers: Headers, body: object) =>
    http.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
  const tryIn = (proof: object, headers: Headers = own) => post('/api/console/sign-in', headers, proof);
  async function signIn(proof: object): Promise<Headers> {
    const answer = await tryIn(proof);
    expect(answer.statusCode, answer.body).toBe(204);
    const [cookie] = answer.cookies;
    return { ...own, cookie: `${cookie?.name}=${cookie?.value}` };
  }
  const call = (name: string, args: object = {}, headers = admin) => post(`/api/commands/${name}`, headers, args);
  async function data(name: string, args: object = {}, headers = admin) {
    const answer = await call(name, args, headers);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json().data;
  }
  const words = (answer: { json(): { blocks: { text: string }[] } }) => answer.json().blocks[0]?.text;

  describe('sign-in', () => {
    it('keeps passwords as argon2id, ends other sessions with the old one, and wants it to change it', async () => {
      const { person } = await data('people.save', { name: '赵主管', role: 'lead' });
      expect((await call('people.password', { person: person.id, password: 'short' })).statusCode).toBe(400);
      await data('people.password', { person: person.id, password: 'a long enough one' });
      const kept = await test.app.context.db.password.findUniqueOrThrow({ where: { personId: person.id } });
      expect(kept.hash).toMatch(/^\$argon2id\$/);
      const [one, other] = [
        await signIn({ person: '赵主管', password: 'a long enough one' }),
        await signIn({ person: person.id, password: 'a long enough one' }),
      ];
      expect((await call('people.password', { password: 'another long one' }, one)).statusCode).toBe(400);
      await data('people.password', { password: 'another long one', current: 'a long enough one' }, one);
      expect((await call('whoami', {}, one)).statusCode).toBe(200);
      expect((await call('whoami', {}, other)).statusCode).toBe(401);
      expect((await tryIn({ person: '赵主管', password: 'a long enough one' })).statusCode).toBe(401);
    });

    it('limits wrong tries, by address and by name, and says nothing of who exists', async () => {
      const fresh = await testApp({ settings: { FIELDBELL_ADMIN_PASSWORD: PASSWORD } });
      const server = await fresh.app.http();
      const guess = (person: string, headers = own) =>
        server.inject({
          method: 'POST',
          url: '/api/console/sign-in',
          headers,
          payload: JSON.stringify({ person, password: 'guess' }),
        });
      const first = await guess('admin');
      expect([first.statusCode, first.json().error.message]).toEqual([
        401,
        (await guess('nobody')).json().error.message,
      ]);
      for (let at = 0; at < 8; at++) await guess('nobody');
      expect((await guess('admin')).statusCode).toBe(429);
      // Who is no proxy that we know says nothing about where he is.
      const elsewhere = { ...own, 'x-forwarded-for': '203.0.113.9' };
      expect((await guess('zhao', elsewhere)).statusCode).toBe(429);
      fresh.clock.advance(601_000);
      expect((await guess('admin')).statusCode).toBe(401);
      await fresh.close();
    });

    it('tells those behind a proxy of ours apart', async () => {
      const fresh = await testApp({ settings: { FIELDBELL_PROXIES: '10.0.0.0/24, 127.0.0.1' } });
      const server = await fresh.app.http();
      const guess = async (from: string, person: string) => {
        const headers = { ...own, 'x-forwarded-for': from };
        const payload = JSON.stringify({ person, password: 'guess' });
        return (await server.inject({ method: 'POST', url: '/api/console/sign-in', headers, payload })).statusCode;
      };
      for (let at = 0; at < 10; at++) await guess('203.0.113.9, 10.0.0.7', `nobody${at}`);
      expect(await guess('203.0.113.9', 'zhao')).toBe(429);
      expect(await guess('203.0.113.10', 'qian')).toBe(401);
      await fresh.close();
    });

    it('lists sessions and ends them', async () => {
      const second = await signIn({ password: PASSWORD });
      const { sessions } = await data('sessions.list', {}, second);
      const mine = sessions.find((one: { current: boolean }) => one.current);
      expect(JSON.stringify(sessions)).not.toContain(second['cookie']?.split('=')[1]);
      await data('sessions.end', { id: mine.id });
      expect((await call('whoami', {}, second)).statusCode).toBe(401);
    });

    it('takes a change from its own page alone', async () => {
      const { 'x-fieldbell': _, ...without } = admin;
      expect((await call('people.save', { name: 'X', role: 'staff' }, without)).statusCode).toBe(403);
      expect(
        (await call('people.save', { name: 'X', role: 'staff' }, { ...admin, origin: 'https://evil.example' }))
          .statusCode,
      ).toBe(403);
    });

    it('keeps each command to its role', async () => {
      const staff = { authorization: 'Bearer staff-token-1', 'content-type': 'application/json' };
      const kept = test.app.commands.filter((one) => one.role === 'admin');
      expect(kept.length).toBeGreaterThan(15);
      for (const { name } of kept) expect((await call(name, {}, staff)).statusCode, name).toBe(403);
      expect((await http.inject({ url: '/api/events', headers: staff })).statusCode).toBe(403);
    });

    it('runs no script of anybody else', async () => {
      const page = await http.inject('/admin/delivery');
      expect(page.headers['content-security-policy']).toContain("script-src 'self'");
      expect(page.body).not.toMatch(/<script(?![^>]*src=)|style=|onload=/);
    });
  });

  describe('people', () => {
    it('links the account that sends the code, once', async () => {
      const { person } = await data('people.save', { name: '钱师傅', role: 'staff' });
      const { code } = await data('people.code', { person: person.id });
      const stranger = () => test.app.people.askerAt('telegram:77', 'Qian');
      const say = async (text: string) => test.app.answer({ asker: await stranger(), text });
      expect((await say('绑定 WRONGCODE1')).outcome).toBe('wrong');
      const linked = await say(`绑定 ${code}`);
      expect(linked.message.title).toContain('钱师傅');
      expect((await stranger()).personId).toBe(person.id);
      expect((await say(`link ${code}`)).message.blocks[0]).toMatchObject({ text: expect.stringContaining('linked') });
    });

    it('imports a CSV, names bad rows by their lines, and changes nothing the second time', async () => {
      const csv = [
        '姓名,角色,城市,账号,身份',
        '\u202e孙\u200b一,员工,北京,wecom-app:sun1,driver:D-9001',
        '孙二,boss,,,',
        ',员工,,,',
        '孙三,主管,,wecom-app:sun1,',
      ].join('\n');
      expect(await data('people.import', { csv, dry: true })).toMatchObject({
        added: 2,
        bad: [{ line: 3 }, { line: 4 }],
      });
      const once = await data('people.import', { csv });
      expect(once).toMatchObject({ added: 1, changed: 0 });
      expect(once.bad.map((one: { line: number }) => one.line)).toEqual([3, 4, 5]);
      expect(await data('people.import', { csv })).toMatchObject({ added: 0, changed: 0, unchanged: 1 });
      expect((await test.app.people.find('孙一')).name, 'nothing unseen in it').toBe('孙一');
    });

    it('tells the second of two who edit at once', async () => {
      const { person } = await data('people.save', { name: '吴', role: 'staff' });
      const edit = (name: string) =>
        call('people.save', { id: person.id, version: person.version, name, role: 'staff' });
      expect((await edit('吴一')).statusCode).toBe(200);
      const late = await edit('吴二');
      expect([late.statusCode, words(late)]).toEqual([400, expect.stringContaining('刚被别人改过')]);
    });

    it('keeps an administrator', async () => {
      expect(words(await call('people.remove', { id: 'admin' }))).toContain('唯一的管理员');
    });
  });

  describe('channels', () => {
    it('edits hold at once, for letters that wait too, and never show a key', async () => {
      const { db, outbox } = test.app.context;
      await outbox.post({ key: 'early', to: 'channel:night', class: 'notice', message: { title: 'early' } });
      await test.deliver();
      expect((await db.letter.findUniqueOrThrow({ where: { key: 'early' } })).state).toBe('held');
      const saved = await data('channels.save', { name: 'night', title: '夜班', address: 'console:night', version: 0 });
      await expect
        .poll(async () => (await db.letter.findUniqueOrThrow({ where: { key: 'early' } })).state)
        .toBe('queued');
      await test.deliver();
      expect((await db.letter.findUniqueOrThrow({ where: { key: 'early' } })).state).toBe('sent');
      const quiet = { from: '22:00', to: '08:00' };
      const { channel } = await data('channels.save', { name: 'night', quiet, version: saved.channel.version });
      expect([channel.address, channel.quiet]).toEqual(['console:night', quiet]);
      const late = await call('channels.save', { name: 'night', version: saved.channel.version });
      expect(words(late)).toContain('刚被别人改过');
      await data('channels.save', { name: 'secret-robot', address: 'wecom-robot:0123456789abcdef', version: 0 });
      const shown = JSON.stringify([await data('channels.list'), await data('audit.list')]);
      expect(shown).toContain('…cdef');
      expect(shown).not.toContain('0123456789');
    });

    it('sends a test through the outbox', async () => {
      const answer = (await call('channels.test', { name: 'lobby' })).json();
      await test.deliver();
      const { letter, story, preview } = await data('outbox.letter', { key: answer.data.key });
      expect([letter.state, story.map((one: { state: string }) => one.state)]).toEqual(['sent', ['sent']]);
      expect(preview.message.title).toContain('试发');
    });
  });

  describe('delivery', () => {
    it('turns pages by number, and finds by state, name and day', async () => {
      const { outbox } = test.app.context;
      const letters = Array.from({ length: 120 }, (_, at) => ({
        key: `many/${at}`,
        to: 'person:nobody',
        class: 'broadcast' as const,
        message: { title: `第 ${at} 条` },
      }));
      await outbox.postAll(letters);
      await test.deliver();
      const seen: string[] = [];
      let before: number | null | undefined;
      do {
        const page = await data('outbox.letters', { states: ['held'], to: 'person:nobody', ...(before && { before }) });
        seen.push(...page.letters.map((one: { key: string }) => one.key));
        before = page.next;
      } while (before);
      expect(seen).toEqual(letters.map(({ key }) => key).reverse());
      expect(
        (await data('outbox.letters', { text: 'many/11', from: '2026-11-20', until: '2026-11-20' })).letters,
      ).toHaveLength(11);
      expect((await data('outbox.letters', { until: '2026-11-19' })).letters).toHaveLength(0);
    });

    it('releases, cancels and sends again, each in the audit', async () => {
      await data('outbox.cancel', { keys: ['many/1'] });
      expect((await data('outbox.letter', { key: 'many/1' })).letter).toMatchObject({
        state: 'expired',
        reason: 'cancelled by 管理员',
      });
      expect((await call('outbox.cancel', { keys: ['many/1'] })).statusCode).toBe(400);
      await data('outbox.release', { keys: ['many/2'] });
      await data('outbox.resend', { keys: ['many/1'] });
      const { entries } = await data('audit.list', { subject: 'letter:many/1' });
      expect(entries.map((one: { action: string; after: unknown }) => [one.action, one.after])).toEqual([
        ['outbox.resend', { state: 'queued' }],
        ['outbox.cancel', { state: 'expired' }],
      ]);
    });
  });

  describe('templates', () => {
    const name = 'calls/none';
    it('are tried before they hold, name every mistake, and go back to the file', async () => {
      const { text, version, original } = await data('templates.get', { name, lang: 'zh' });
      expect(text).toBe(original);
      expect(
        words(await call('templates.preview', { name, lang: 'zh', text: '# {{nobody}}', platforms: [] })),
      ).toContain('line 1: {{nobody}}');
      expect((await call('templates.save', { name, lang: 'zh', text: '# {{nobody}}', version })).statusCode).toBe(400);
      const platforms = ['console', 'wecom-robot', 'slack', 'telegram'];
      const { previews } = await data('templates.preview', { name, lang: 'zh', text: '# 一个也没有 <b>', platforms });
      expect(previews.map((one: { platform: string }) => one.platform)).toEqual(platforms);
      await data('templates.save', { name, lang: 'zh', text: '# 改过的话', version });
      expect(test.app.context.words.say(name, 'zh', {}).title).toBe('改过的话');
      expect((await call('templates.save', { name, lang: 'zh', text: '# 另一个人', version })).statusCode).toBe(400);
      await data('templates.save', { name, lang: 'zh', text: null, version: 1 });
      expect(original).toContain(test.app.context.words.say(name, 'zh', {}).title);
      const { templates } = await data('templates.list');
      expect(templates).toContainEqual({ name: 'field/housekeeper', says: '管家状态：李师傅 下线', edited: [] });
      expect((await call('templates.get', { name: '../../package', lang: 'zh' })).statusCode).toBe(400);
    });
  });

  it('says in Chinese what is wrong with an argument', async () => {
    const refused = await call('people.save', { id: 'admin', name: 'x'.repeat(3_000), role: 'king', version: 1 });
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toContain('参数 name 不对：最多 60 个字。');
    expect(refused.body).toContain('参数 role 不对：可以是 guest、staff、lead、admin。');
  });

  it('takes no title of a channel that fills a page', async () => {
    const edit = { name: 'long', version: 0, address: 'console:long' };
    expect((await call('channels.save', { ...edit, title: 'x'.repeat(10_000) })).statusCode).toBe(400);
  });

  it('says what jobs do in words', async () => {
    const { jobs } = await data('jobs.list');
    expect(jobs.find((one: { name: string }) => one.name === 'rewards.settle')).toMatchObject({
      schedule: '每 10 分钟',
    });
    expect((await call('jobs.run', { job: 'no.such' })).statusCode).toBe(400);
  });

  it('asks as a person and shows it as each platform would', async () => {
    for (const platform of ['console', 'wecom-robot', 'wecom-bot', 'wecom-app', 'slack', 'telegram']) {
      const { preview, outcome } = await data('console.ask', { person: 'admin', line: '我是谁', platform });
      expect([platform, outcome, preview.platform]).toEqual([platform, 'done', platform]);
      expect(JSON.stringify(preview)).toContain('管理员');
      if (platform !== 'console') expect(preview.parcels.length).toBeGreaterThan(0);
    }
  });

  it('has who signed in and who changed what, before and after, without secrets', async () => {
    const { entries } = await data('audit.list', { action: 'people' });
    const edit = entries.find((one: { before: object; action: string }) => one.action === 'people.save' && one.before);
    expect(edit).toMatchObject({ name: '管理员', before: { name: '吴' }, after: { name: '吴一' } });
    const all = JSON.stringify(await test.app.context.db.audit.findMany());
    expect(all).toContain('sign-in');
    for (const secret of [PASSWORD, 'a long enough one', '0123456789abcdef']) expect(all).not.toContain(secret);
  });
});
