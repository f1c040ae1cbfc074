import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SetupError } from '../src/core/errors.ts';
import { settleAll } from '../src/domains/rewards/index.ts';
import { sync } from '../src/runtime/sync.ts';
import { fileSource } from '../src/sources/files.ts';
import { type TestApp, testApp } from './app.ts';

const HEADERS =
  '合同ID(_id),活动城市(province),合同编号(contractdocNum),管家(serviceHousekeeper),管家ID(serviceHousekeeperId),服务商(orgName),合同金额(adjustRefundMoney),签约时间(signedDate),工单编号(serviceAppointmentNum)';

/** A campaign that nobody has seen: every third contract, two tiers of the signed sum, one address award; no caps. */
const DOCUMENT = `version: 1
city: 杭州
provinces: ["330100"]
periods:
  - { key: HZ-2025-10, title: 杭州十月, from: 2025-10-01, to: 2025-10-31 }
person: [housekeeper, provider]
contracts:
  sources: { selfReferral: [], platform: others }
  caps:
    platform: { contract: none, workOrder: 3000000 }
awards:
  every:
    - { name: 三连, count: 3, of: all, pays: 33.33 }
  tiers:
    of: all
    unlock: 2
    measure: signed
    steps:
      - { name: 起步, at: 0.03, pays: 0.01 }
      - { name: 登顶, at: 999999999.99, pays: 88888.88 }
announce: { channel: lobby, template: rewards/good-news-signed }
notice: { person: true }
`;

describe('contracts and campaigns as they really come', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await testApp({ at: '2025-10-20T10:00:00+08:00' });
    const document = 'rules/rewards/hangzhou-2025-10.yaml';
    const ask = async (command: string, args: Record<string, string | number>) => {
      const { outcome, message } = await test.ask({ command: `rewards.${command}`, args });
      expect(outcome, JSON.stringify(message)).toBe('done');
    };
    await ask('draft', { document, text: DOCUMENT });
    await bring(rows(['a1', '张,三', 'h1', '0.01']));
    await ask('diff', { document, version: 1 });
    await ask('publish', { document, version: 1 });
  });
  afterEach(() => test.close());

  type Given = [id: string, name: string, housekeeper: string, yuan: string];
  const rows = (...given: Given[]) =>
    [
      HEADERS,
      ...given.map(
        ([id, name, hk, yuan]) => `${id},330100,N-${id},"${name}",${hk},"甲, 乙",${yuan},2025-10-05T10:00:00+08:00,`,
      ),
    ].join('\r\n');
  const bring = async (text: string | Buffer) => {
    const file = join(test.folder, `c-${Math.random().toString(36).slice(2)}.csv`);
    await writeFile(file, text);
    const feed = test.app.feeds.find((one) => one.dataset === 'contracts');
    if (!feed) throw new Error('no contracts feed');
    return sync(test.app.context, feed, fileSource(file), {});
  };
  const settle = () => test.run('rewards.settle', { campaign: 'HZ-2025-10' });
  const held = async () => {
    const sums = new Map<string, number>();
    for (const { person, name, amountFen } of await test.app.context.db.ledgerEntry.findMany()) {
      const key = `${person} ${name}`;
      sums.set(key, (sums.get(key) ?? 0) + amountFen);
    }
    return Object.fromEntries([...sums].filter(([, fen]) => fen !== 0).toSorted());
  };

  it('three times a fen is the threshold, names and firms may hold commas, and namesakes are two', async () => {
    await bring(rows(['a2', '张,三', 'h1', '0.01'], ['a3', '张,三', 'h1', '0.01'], ['b1', '张,三', 'h2', '0.01']));
    await settle();
    expect(await held()).toEqual({ 'h1_甲, 乙 三连': 3_333, 'h1_甲, 乙 起步': 1 });
    const { message } = await test.ask('奖励排行 HZ-2025-10');
    expect(JSON.stringify(message)).toContain('张,三');
  });

  it('amounts of a billion are exact to the fen', async () => {
    await bring(rows(['a2', '张,三', 'h1', '999999999.97'], ['c1', '李', 'h3', '999999999.98']));
    await settle();
    expect(await held()).toEqual({ 'h1_甲, 乙 起步': 1 });
    await bring(rows(['a3', '张,三', 'h1', '0.01']));
    await settle();
    expect(await held()).toEqual({ 'h1_甲, 乙 三连': 3_333, 'h1_甲, 乙 登顶': 8_888_888, 'h1_甲, 乙 起步': 1 });
    expect(await test.say('为什么 N-a3')).toContain('88,888.88');
  });

  it('with a BOM, and twice, late, corrected in pieces, as if they had come at once', async () => {
    const all: Given[] = Array.from({ length: 12 }, (_, at) => [`p${at}`, '王', 'h4', `${(at + 1) * 100}.1`]);
    await bring(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(rows(...all.slice(0, 5)))]));
    await settle();
    await bring(rows(...all.slice(3, 7), ...all.slice(3, 7)));
    await settle();
    await bring(rows(['p2', '王', 'h4', '-50'], ['p3', '王', 'h4', '0']));
    await settle();
    await bring(rows(...all));
    await Promise.all([settle(), settle()]);
    await settle();
    expect(await held()).toEqual({ 'h4_甲, 乙 三连': 4 * 3_333, 'h4_甲, 乙 起步': 1 });
    const entries = await test.app.context.db.ledgerEntry.count();
    expect((await settle()).counts).toMatchObject({ booked: 0, corrected: 0, announced: 0, noticed: 0 });
    expect(await test.app.context.db.ledgerEntry.count()).toBe(entries);
  });

  it('a template that is not there is a mistake with its line; in a file it keeps no other campaign waiting', async () => {
    const text = DOCUMENT.replace('rewards/good-news-signed', 'rewards/none')
      .replaceAll('2025-10', '2025-11')
      .replace('11-31', '11-30');
    const { message } = await test.ask({
      command: 'rewards.draft',
      args: { document: 'rules/rewards/hangzhou-2025-11.yaml', text },
    });
    const line = text.split('\n').findIndex((one) => one.includes('rewards/none')) + 1;
    expect(JSON.stringify(message)).toContain(
      `"line":${line},"text":"announce.template: there is no template rewards/none`,
    );
    const { words } = test.app.context;
    const say = vi.spyOn(words, 'say').mockImplementation(() => {
      throw new SetupError('there is no template templates/rewards/none.zh.md');
    });
    await expect(settleAll(test.app.context, { announce: true })).rejects.toThrow(
      /not settled:\n.*HZ-2025-10: there is no template templates\/rewards\/none.zh.md/,
    );
    say.mockRestore();
    expect(() => words.say('rewards/none', 'zh', {})).toThrow('there is no template templates/rewards/none.zh.md');
  });

  it('two processes that settle at once book once', async () => {
    await bring(rows(...Array.from({ length: 9 }, (_, at): Given => [`q${at}`, '陈', 'h5', '10'])));
    await Promise.allSettled(
      [1, 2, 3].map(() => settleAll(test.app.context, { campaign: 'HZ-2025-10', announce: false })),
    );
    await settle();
    expect(await held()).toEqual({ 'h5_甲, 乙 三连': 3 * 3_333, 'h5_甲, 乙 起步': 1 });
  });

  it('GB18030, as spreadsheets write it, is read as it was meant', async () => {
    await bring(gb18030(rows(['g1', '欧阳,慧', 'h6', '10'], ['g2', '欧阳,慧', 'h6', '10'])));
    await settle();
    expect(await held()).toEqual({ 'h6_甲, 乙 起步': 1 });
    expect(JSON.stringify((await test.ask('奖励排行 HZ-2025-10')).message)).toContain('欧阳,慧');
  });
});

/** Node reads GB18030 and does not write it: the two-byte half of its table, turned round. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const bytesOf = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail !== 0x7f) bytesOf.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  return Buffer.from([...text].flatMap((char) => bytesOf.get(char) ?? [char.charCodeAt(0)]));
}
