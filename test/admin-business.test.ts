import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveContracts } from '../src/domains/rewards/contracts/store.ts';
import { tellViolations } from '../src/domains/sla/notify.ts';
import { saveViolations } from '../src/domains/sla/store.ts';
import { askerOf, LOCAL_OPERATOR } from '../src/runtime/people/people.ts';
import { adminBrowser, missing, OTHER } from './admin-browser.ts';
import { contractRow } from './rewards.ts';

const NAME = 'beijing-2025-10';
const HOSTILE = '<img src=x onerror="window.hit=1">';

/** Campaigns, feeds and violations as the operator works with them. */
describe.skipIf(missing)('the admin page of the business', { timeout: 60_000 }, () => {
  const { app, run, enter, notice } = adminBrowser({ at: '2025-10-20T10:00:00+08:00' });

  // 管家001: 10 contracts of 10,000 yuan: 达标奖 200 and twice 接好运 58. The other: 5 of 1,000, once 接好运.
  beforeAll(async () => {
    const rows = Array.from({ length: 15 }, (_, at) => {
      const [housekeeper, housekeeperId] = at < 10 ? ['管家001', 'hk001'] : [HOSTILE, 'hk002'];
      return contractRow({
        id: `c${at}`,
        number: `N${at}`,
        amountFen: at < 10 ? 1_000_000 : 100_000,
        housekeeper,
        housekeeperId,
      });
    });
    await saveContracts(app().context, rows, { source: 'S', sample: false });
    await run('rewards.settle');
  });

  const yaml = (page: Page) => page.getByLabel('YAML');
  const checked = (page: Page) => page.getByText('检查通过').waitFor();

  it('lists every campaign with its days and state', async () => {
    const page = await enter('rules');
    const row = page.getByRole('row', { name: /BJ-2025-10/ });
    await row.getByText('进行中').waitFor();
    await row.getByText('2025-10-01 – 2025-10-31').waitFor();
    expect(await row.getByRole('cell').last().textContent()).toBe('374');
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: NAME }).waitFor();
  });

  it('edits as a form and as YAML, both ways, and keeps every comment', async () => {
    const page = await enter(`rules/${NAME}`);
    await checked(page);
    const before = await yaml(page).inputValue();
    const tier = page.getByRole('group', { name: '达标档' });
    await tier.getByLabel('奖金（元）').first().fill('250.5');
    expect(await yaml(page).inputValue()).toBe(before.replace('pays: 200 }', 'pays: 250.5 }'));
    await yaml(page).fill((await yaml(page).inputValue()).replace('unlock: 10', 'unlock: 12'));
    expect(await tier.getByLabel('先要满几单').inputValue()).toBe('12');
    await tier.getByRole('button', { name: '加一项' }).click();
    await tier.getByLabel('奖项名').last().fill('王者奖, 特等: #1');
    const after = await yaml(page).inputValue();
    for (const comment of before.match(/#.*/g) ?? []) expect(after).toContain(comment);
    expect(after).toContain('name: "王者奖, 特等: #1"');
  });

  it('shows what is wrong while one types, in the form and by its line', async () => {
    const page = await enter(`rules/${NAME}`);
    await checked(page);
    await page.getByRole('group', { name: '达标档' }).getByLabel('达到（元）').nth(1).fill('5');
    await page.getByRole('button', { name: /第 \d+ 行.*ascending/ }).click();
    expect(await page.evaluate(() => document.getSelection()?.toString())).toContain('优秀奖');
    await page
      .locator('.rule-form')
      .getByText(/5 is not above/)
      .waitFor();
    await yaml(page).fill('city: [');
    await page.getByText('右边的 YAML 改好后').waitFor();
    await page.getByRole('button', { name: /第 1 行/ }).waitFor();
    const layers = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`);
    await yaml(page).fill(['a0: &a0 [x]', ...layers].join('\n'));
    await page.getByRole('button', { name: /Excessive alias count/ }).waitFor();
  });

  it('publishes what was seen, shows how a person gets it, and takes it back', async () => {
    const page = await enter(`rules/${NAME}`);
    await checked(page);
    await page.getByRole('group', { name: '达标档' }).getByLabel('奖金（元）').first().fill('300');
    await page.getByRole('group', { name: '每几单一次' }).getByLabel('奖金（元）').fill('50');
    await page.getByLabel('改了什么').fill(`提高达标奖 ${HOSTILE}`);
    await page.getByRole('button', { name: '存为草稿' }).click();
    await notice(page, '草稿第 2 版已保存');
    await page.locator('.figures-row').getByText('+76').waitFor();
    await page.locator('.figures-row').getByText('1 / 1').waitFor();
    const row = page.getByRole('row', { name: /管家001/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual(['管家001', '316', '400', '+84', '怎么算的']);
    await row.getByRole('button').click();
    const trace = page.getByRole('dialog');
    await expect
      .poll(() => trace.getByRole('row').last().getByRole('cell').allTextContents())
      .toEqual([
        'N9',
        '2025-10-10',
        '10,000',
        '10,000',
        '10',
        '100,000',
        '接好运 50 + 达标奖 300',
        '接好运 58 + 达标奖 200',
      ]);
    await trace.getByRole('button', { name: '关闭' }).click();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
    await notice(page, '第 2 版已生效');
    await page.getByRole('button', { name: '版本', exact: true }).click();
    const second = page.getByRole('row', { name: /第 2 版/ });
    await second.getByText('生效中').waitFor();
    await second.getByText(HOSTILE).waitFor();
    await page.getByLabel('从', { exact: true }).selectOption('0');
    await page.locator('.line-diff del').getByText('pays: 200').waitFor();
    await page.locator('.line-diff ins').getByText('pays: 300').waitFor();
    await page.getByRole('button', { name: '退回到这一版' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '退回到这一版' }).click();
    await notice(page, '第 0 版已生效');
    await page
      .getByRole('row', { name: /文件原文/ })
      .getByText('生效中')
      .waitFor();
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  });

  it('tells the second of two who edit one campaign, shows both, and loses nothing of what is typed', async () => {
    const place = 'rules/beijing-2025-11';
    const [one, other] = [await enter(place), await enter(place, OTHER)];
    const before = await yaml(one).inputValue();
    await yaml(one).fill(`${before}# 甲写的\n`);
    await yaml(other).fill(`${before}# 乙写的\n`);
    await one.getByRole('button', { name: '存为草稿' }).click();
    await notice(one, '草稿第 2 版已保存');
    const overtaken = other.getByRole('alert').filter({ hasText: '存了新的' });
    await overtaken.getByText('对照').click();
    await overtaken.locator('del').getByText('# 甲写的').waitFor();
    await overtaken.locator('ins').getByText('# 乙写的').waitFor();
    // Something else holds meanwhile: what is typed stays, also over another place and a reload.
    await one.getByRole('button', { name: '发布', exact: true }).click();
    await one.getByRole('dialog').getByRole('button', { name: '发布' }).click();
    await notice(one, '第 2 版已生效');
    await other.getByText('第 2 版 · 生效中').waitFor();
    await other.getByRole('link', { name: '频道' }).click();
    await other.getByRole('heading', { name: '频道' }).waitFor();
    await other.goBack();
    await other.reload();
    expect(await yaml(other).inputValue()).toBe(`${before}# 乙写的\n`);
    await overtaken.getByRole('button', { name: '以我的为准' }).click();
    await other.getByRole('button', { name: '存为草稿' }).click();
    await notice(other, '草稿第 3 版已保存');
    await other.getByRole('button', { name: '规则', exact: true }).click();
    expect(await yaml(other).inputValue()).toContain('# 乙写的');
  });

  it('begins a new campaign from one that is there', async () => {
    const page = await enter('rules');
    await page.getByRole('button', { name: '新活动' }).click();
    await page.getByLabel('文件名').fill('beijing-2026-01');
    await page.getByLabel('以哪一份为底').selectOption(NAME);
    await page.getByRole('button', { name: '开始写' }).click();
    await page.getByText('还没有保存').waitFor();
    await page.getByRole('button', { name: /BJ-2025-10/ }).waitFor();
    const text = (await yaml(page).inputValue()).replace(
      /BJ-2025-10.*to: 2025-10-31/,
      'BJ-2026-01, title: 一月, from: 2026-01-01, to: 2026-01-31',
    );
    await yaml(page).fill(text);
    await checked(page);
    await page.getByRole('button', { name: '存为草稿' }).click();
    await page.getByText('只作对比').first().waitFor();
    await page.getByRole('link', { name: '‹ 活动规则' }).click();
    await page.getByRole('link', { name: 'beijing-2026-01' }).waitFor();
  });

  it('shows what there is of each day, and which days can be fetched anew', async () => {
    const page = await enter('sync');
    await page.getByText('没有已知的缺口').waitFor();
    const feed = page.getByRole('region', { name: '合同' });
    await feed.getByRole('button', { name: /^2025-10-10/ }).click();
    await feed.getByText('15 行').waitFor();
    await feed.getByRole('button', { name: /^2025-10-12/ }).click();
    await feed.getByText('2025-10-10 – 2025-10-12').waitFor();
    await feed.getByRole('button', { name: '补这几天' }).click();
    await page.getByRole('dialog').getByText('从上游重新读取 合同').waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows violations of service levels, and takes one', async () => {
    const day = '2025-10-19';
    const facts = {
      orderedAt: null,
      city: null,
      housekeeper: null,
      orderStatus: null,
      workType: null,
      sourceType: null,
    };
    const rows = ['GD1', 'GD2'].map((id) => ({
      ...{ id, day, orderNum: id, provider: '甲服务', kind: '首次联系超时', description: HOSTILE },
      ...facts,
    }));
    await saveViolations(app().context, rows, { source: 'S', sample: false, whole: [day] });
    await tellViolations(app().context);
    const page = await enter('sla');
    await page.getByText(HOSTILE).first().waitFor();
    const row = page.getByRole('row', { name: /GD2/ });
    await row.getByRole('button', { name: '认领' }).click();
    await row.getByText('处理中').waitFor();
    await page.getByLabel('只看没人认领的').check();
    await expect.poll(() => page.getByRole('row', { name: /GD/ }).count()).toBe(1);
    const appeal = { command: 'sla.appeal', args: { order: 'GD2', reason: `客户改期 ${HOSTILE}` } };
    expect((await app().answer({ asker: LOCAL_OPERATOR, call: appeal })).outcome).toBe('done');
    const appeals = page.getByRole('region', { name: /待处理的申诉 1 条/ });
    await appeals.getByText('客户改期').waitFor();
    await appeals.getByRole('button', { name: '通过' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '通过' }).click();
    await expect.poll(() => page.getByRole('region', { name: /待处理的申诉/ }).count()).toBe(0);
    await page.getByLabel('只看没人认领的').uncheck();
    await expect.poll(() => page.getByRole('row', { name: /GD/ }).count()).toBe(1);
  });

  it('answers disputes: the frozen line with its inputs, an amount and a reason, or a refusal', async () => {
    const { people, context } = app();
    const li = await people.add({ name: '李师傅', role: 'staff' });
    await people.subject(li.id, 'housekeeper', 'hk001');
    const asker = askerOf(await people.find('李师傅'));
    for (const [contract, reason] of [
      ['N9', `达标奖少了 ${HOSTILE}`],
      ['N8', '金额不对'],
    ] as const) {
      await app().answer({ asker, call: { command: 'rewards.dispute', args: { contract, reason } } });
    }
    const page = await enter('alerts');
    await page.getByRole('link', { name: /奖励申诉 #1：李师傅 · 合同 N9/ }).click();
    await page.getByRole('heading', { name: '申诉 #1：合同 N9' }).waitFor();
    await page.getByText('第 10 单，累计计入 100,000 元').waitFor();
    expect(await page.getByRole('row', { name: /N3/ }).getByRole('cell').last().textContent()).toBe('10,000');
    await page.getByLabel('奖项').selectOption('达标奖');
    await page.getByLabel('改为（元）').fill('300');
    await page.getByLabel('理由').fill('按补充协议');
    await page.getByRole('button', { name: '同意更正' }).click();
    await page.getByRole('dialog').getByText('达标奖 200 → 300 元').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '同意更正' }).click();
    await notice(page, '达标奖 改为 300.00 元');
    await page.getByText('达标奖 200 → 300 元').waitFor();
    const letter = await context.db.letter.findFirst({ where: { message: { contains: '申诉 #1：按补充协议' } } });
    expect(letter?.message).toContain('200 → 300');
    await page.getByRole('link', { name: '‹ 奖励申诉' }).click();
    await page.getByText('1 件申诉待处理').waitFor();
    await page.getByRole('link', { name: '#2 李师傅' }).click();
    await page.getByLabel('理由').fill('合同已退款');
    await page.getByRole('button', { name: '驳回' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '驳回' }).click();
    await page.getByText('合同已退款').last().waitFor();
    await page.getByRole('link', { name: '‹ 奖励申诉' }).click();
    await page.getByText('没有待答复的申诉').waitFor();
    await page.getByRole('button', { name: '已答复' }).click();
    expect(await page.getByRole('row', { name: /#1/ }).getByRole('cell').last().textContent()).toContain(
      '达标奖 200 → 300 元',
    );
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
  });
});
