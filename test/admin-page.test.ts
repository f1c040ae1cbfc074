import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { describe, expect, it } from 'vitest';
import { adminBrowser, DESKTOP, missing, OTHER, PASSWORD, PHONE } from './admin-browser.ts';

const HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{x}}';
const PLACES = [
  '',
  'rules',
  'rules/beijing-2025-10',
  'rules/beijing-2025-10?tab=versions',
  'delivery',
  'channels',
  'channels/lobby',
  'templates',
  'templates/calls%2Fday',
  'rehearsal',
  'alerts',
  'sla',
  'disputes',
  'jobs',
  'sync',
  'jobs/rewards.settle',
  'people',
  'people/admin',
  'console',
  'audit',
  'account',
];
const SOME_PLACES = ['', 'rules', 'rules/beijing-2025-10', 'delivery', 'people/admin', 'audit'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The page as operators use it: the real app, the built page, a real browser. */
describe.skipIf(missing)('the admin page', { timeout: 60_000 }, () => {
  const { app, address, visit, enter, notice } = adminBrowser();

  const post = (key: string, title: string, to = 'console:lobby') =>
    app().context.outbox.post({
      key,
      to,
      class: 'notice',
      message: { title, blocks: [{ type: 'text', text: title }] },
    });

  it('asks to sign in, says when the password is wrong, and opens the place that was asked for', async () => {
    const page = await visit('delivery?state=held');
    await page.getByRole('button', { name: '用密码登录' }).click();
    await page.getByLabel('密码', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('密码或登录码不对').waitFor();
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '发送记录' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^暂存/ }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '登录' }).waitFor();
  });

  it('shows a letter as it goes out, without a reload, with its story and its look', async () => {
    const page = await enter('delivery');
    await page.getByText('没有符合的消息').or(page.locator('.letters')).first().waitFor();
    await post('story/1', '今晚八点开会');
    await page.getByRole('link', { name: '今晚八点开会' }).click();
    await page.getByRole('heading', { name: '今晚八点开会', level: 1 }).waitFor();
    await page.locator('.story').getByText('已发').waitFor();
    await page.getByLabel('平台').selectOption('wecom-robot');
    await page.locator('.look').getByText('企业微信群机器人').waitFor();
    await page.getByText(/发给平台的原文/).click();
    await page.locator('.raw pre').getByText('今晚八点开会').first().waitFor();
    await page.getByRole('button', { name: '重发' }).click();
    await page.getByRole('dialog').getByText('可能已经到过').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '重发' }).click();
    await notice(page, '1 条已放回发件箱');
    await expect.poll(() => page.locator('.story li').count()).toBe(4);
    await page.goBack();
    await page.getByRole('heading', { name: '发送记录' }).waitFor();
  });

  it('acts on several chosen letters', async () => {
    await post('held/1', '等账号一', 'person:nobody');
    await post('held/2', '等账号二', 'person:nobody');
    const page = await enter('delivery?to=person:nobody');
    await page.getByText('还没有关联账号：person nobody').first().waitFor();
    await page.getByLabel('全选').check();
    await page.getByRole('button', { name: '取消发送' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '取消发送' }).click();
    await notice(page, '2 条已取消');
    await expect.poll(() => page.locator('.letters').getByText('管理员 取消了').count()).toBe(2);
  });

  it('tells the second of two operators who edit at once, and loses nothing of what is typed', async () => {
    const [one, other] = [await enter('channels/lobby'), await enter('channels/lobby', OTHER)];
    await one.getByLabel('显示名').fill('大厅甲');
    await other.getByLabel('显示名').fill('大厅乙');
    await one.getByRole('button', { name: '保存' }).click();
    await notice(one, /已保存，已生效/);
    const overtaken = other.getByRole('alert').filter({ hasText: '在你编辑时存了新的' });
    await overtaken.getByText('对照').click();
    await overtaken.locator('del').getByText('大厅甲').waitFor();
    expect(await other.getByLabel('显示名').inputValue()).toBe('大厅乙');
    await other.getByLabel('显示名').press('Enter');
    await overtaken.getByRole('button', { name: '以我的为准' }).click();
    expect(app().context.rules.channel('lobby')?.title).toBe('大厅甲');
    await other.getByRole('button', { name: '保存' }).click();
    await notice(other, /已保存，已生效/);
    expect(app().context.rules.channel('lobby')?.title).toBe('大厅乙');
    await one.getByRole('button', { name: '试发' }).click();
    await notice(one, '已放进发件箱');
    await one.getByRole('link', { name: '看它的发送记录' }).click();
    await one.getByRole('link', { name: '试发：频道 lobby' }).waitFor();
  });

  it('adds a person, links him, and gives a code that signs in', async () => {
    const page = await enter('people');
    await page.getByRole('link', { name: '加人' }).click();
    await page.getByLabel('姓名').fill('周师傅');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('heading', { name: '周师傅' }).waitFor();
    await page.getByLabel('加账号').fill('telegram:4711');
    await page.getByRole('button', { name: '关联' }).click();
    await page.getByText('telegram:4711').first().waitFor();
    await page.getByRole('button', { name: '给一次性码' }).click();
    const code = (await page.locator('.code').textContent()) ?? '';
    const guest = await visit(`#code=${code}`);
    await guest.getByText('周师傅 不是管理员').waitFor();
    await page.goto(`${address()}/admin/people`);
    await page.getByRole('button', { name: '导入 CSV' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('姓名,角色\n郑一,员工\n郑二,老板');
    await page.getByRole('button', { name: '试读' }).click();
    await page.getByText(/第 3 行：角色「老板」不认识/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '导入', exact: true }).click();
    await notice(page, /新增 1/);
    await page.getByRole('link', { name: '郑一' }).waitFor({ state: 'attached' });
  });

  it('edits a template and shows it on every platform while one types', async () => {
    const page = await enter('templates/calls%2Fnone?lang=zh');
    const field = page.getByLabel(/^文字/);
    await field.fill(`# 今天没有外呼 ${HOSTILE.slice(0, 40)}`);
    await page.getByRole('link', { name: '任务', exact: true }).click();
    await page.getByRole('heading', { name: '任务' }).waitFor();
    await page.goBack();
    await page.getByText('接着上次没保存的改动').waitFor();
    expect(await field.inputValue()).toBe(`# 今天没有外呼 ${HOSTILE.slice(0, 40)}`);
    await expect.poll(() => page.locator('.looks .look').count()).toBe(6);
    await page.locator('.look-telegram').getByText('今天没有外呼 <img').first().waitFor();
    await field.fill('# {{nobody}}');
    await page.getByRole('alert').getByText('line 1: {{nobody}}').waitFor();
    await field.fill('# 今天没有外呼');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await page.getByRole('button', { name: '保存' }).click();
    await notice(page, /已保存，已生效/);
    await page.getByRole('button', { name: '恢复原文' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '恢复原文' }).click();
    await expect.poll(() => page.getByRole('button', { name: '恢复原文' }).count()).toBe(0);
  });

  it('rehearses tomorrow', async () => {
    const page = await enter('rehearsal');
    await page.getByRole('button', { name: '预演' }).click();
    await page
      .getByText(/会发 \d+ 条/)
      .first()
      .waitFor();
    await page.getByText(/任务运行 \d+ 次/).waitFor();
  });

  it('tries a job on a copy, and shows what it would say to whom', async () => {
    await app().context.alerts.open([
      {
        ...{ key: 'try/1', kind: 'test', subject: 'test:1', message: { title: `磁盘快满 ${HOSTILE}` } },
        steps: [{ after: 5, to: ['channel:lobby'] }],
      },
    ]);
    const page = await enter('jobs/alerts.escalate');
    await page.getByText('到时没人认领的提醒').waitFor();
    await page.getByText('运行，试运行').click();
    await page.getByLabel('当作是什么时刻').fill('2026-11-20T14:30');
    await page.getByRole('button', { name: '试运行' }).click();
    const tried = page.getByRole('region', { name: '试运行的结果' });
    await tried.getByText('会发 1 条，一条都没发').waitFor();
    await tried.getByText('磁盘快满').first().waitFor();
    expect(await app().context.db.letter.count({ where: { message: { contains: '磁盘快满' } } })).toBe(0);
  });

  it('asks as anybody, on any platform', async () => {
    const page = await enter('console?as=admin&on=slack');
    await page.getByRole('button', { name: '帮助' }).click();
    await page.locator('.look-slack').getByText('可以这样问我').first().waitFor();
  });

  it('shows names, titles and messages of others as text', async () => {
    await app().people.add({ id: 'evil', name: HOSTILE.slice(0, 60), role: 'staff' });
    await post(`evil/${HOSTILE}`, HOSTILE);
    const page = await enter('people');
    await page.getByText(HOSTILE.slice(0, 60)).first().waitFor();
    for (const place of [
      'delivery',
      'people/evil',
      'audit',
      'console?as=evil',
      `delivery/${encodeURIComponent(`evil/${HOSTILE}`)}`,
    ]) {
      await page.goto(`${address()}/admin/${place}`);
      await page.locator('.page').waitFor();
      await expect.poll(() => page.locator('.waiting').count()).toBe(0);
      expect(
        await page.evaluate(() => ({ hit: 'hit' in window, images: document.querySelectorAll('img[src="x"]').length })),
      ).toEqual({ hit: false, images: 0 });
    }
    await page.locator('.look').getByText(HOSTILE.slice(0, 40)).first().waitFor();
  });

  it.each([
    ['on a phone, in Chinese and light', { ...PHONE }],
    ['on a desktop, in English and dark', { ...DESKTOP, locale: 'en-GB', colorScheme: 'dark' as const }],
  ])('has no barrier that a machine can find, and nothing sticks out, %s', async (_, shape) => {
    const page = await enter('', shape);
    await page.evaluate(AXE);
    const [first, ...others] = shape.viewport.width < 500 ? PLACES : SOME_PLACES;
    for (const place of [first, ...others]) {
      await page.evaluate((to) => {
        history.pushState(null, '', `/admin/${to}`);
        dispatchEvent(new PopStateEvent('popstate'));
      }, place);
      await page.locator('.page').waitFor();
      await expect.poll(() => page.locator('.waiting').count()).toBe(0);
      // What stands around the place is the same everywhere.
      const found = (await page.evaluate(
        `axe.run(${place === first ? 'document' : "'main'"}, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
      )) as AxeResults;
      expect([
        place,
        found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target}`)),
      ]).toEqual([place, []]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(shape.viewport.width);
    }
  });

  it('is reached by keyboard', async () => {
    const page = await enter('');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('跳到内容');
    const passed: string[] = [];
    while (passed.length < 10 && passed.at(-1) !== '发送记录') {
      await page.keyboard.press('Tab');
      passed.push(await focused());
    }
    expect([passed[0], passed.at(-1)]).toEqual(['今日', '发送记录']);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '发送记录' }).waitFor();
  });
});
