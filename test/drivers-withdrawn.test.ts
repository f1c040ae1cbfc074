import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { driversSync } from '../src/domains/drivers/index.ts';
import { testApp } from './app.ts';
import { mysqlMissing, scratchMysql } from './mysql.ts';

const RULES = `database:
  orders:
    table: 订单
    id: 序号
    updatedAt: 更新
    columns: { id: 单号, driverId: 司机, orderedAt: 下单 }
    where: { 删除: 0 }
`;

it.skipIf(mysqlMissing)('orders that are gone from the database count no more, unless most of a day is', async () => {
  const mysql = await scratchMysql();
  const folder = await mkdtemp(join(tmpdir(), 'fieldbell-rules-'));
  await writeFile(join(folder, 'drivers.yaml'), RULES);
  const test = await testApp({ settings: { MYSQL_URL: mysql.url, FIELDBELL_RULES: folder } });
  try {
    await mysql.sql(`CREATE TABLE 订单 (序号 BIGINT PRIMARY KEY, 单号 DECIMAL(20,0), 司机 VARCHAR(9), 下单 DATETIME, 更新 DATETIME,
      删除 INT DEFAULT 0, KEY (单号)) CHARACTER SET gbk`);
    for (let n = 1; n <= 10; n++) {
      await mysql.sql('INSERT INTO 订单 VALUES (?, ?, ?, ?, ?, 0)', [
        ...[n, `1234567890123456780${n % 10}`, '王五', '2026-11-20 10:00:00', '2026-11-20 10:00:00'],
      ]);
    }
    const { context } = test.app;
    const sync = async () =>
      driversSync.run(context, { trigger: 'hand', days: { from: '2026-11-20', to: '2026-11-20' } });
    expect((await sync()).counts).toMatchObject({ added: 10 });
    await context.db.delivery.create({
      data: { id: 'of a file', driverId: '王五', orderDay: '2026-11-20', status: 'delivered', facts: '{}' },
    });
    const said = () => test.say('司机 王五 2026-11-20..2026-11-20 趋势');
    expect(await said()).toContain('今天 11 单');

    await mysql.sql('DELETE FROM 订单 WHERE 序号 = 3');
    await mysql.sql('UPDATE 订单 SET 删除 = 1 WHERE 序号 = 4');
    expect((await sync()).counts).toMatchObject({ withdrawn: 2 });
    expect(await said()).toContain('今天 9 单');
    expect((await sync()).counts['withdrawn']).toBeUndefined();

    await mysql.sql("UPDATE 订单 SET 删除 = 0, 更新 = '2026-11-20 14:00:00' WHERE 序号 = 4");
    await sync();
    expect(await said()).toContain('今天 10 单');

    await mysql.sql('DELETE FROM 订单 WHERE 序号 > 3');
    const shrunken = await sync();
    expect(shrunken).toMatchObject({
      completeness: 'partial',
      problems: ['orders: 7 of the 9 orders of 2026-11-20 are gone: nothing was changed'],
    });
    expect(await said()).toContain('今天 10 单');
    const letters = await context.db.letter.findMany({ where: { to: 'channel:admins' } });
    expect(JSON.stringify(letters)).toContain('订单少了 7 张');

    await mysql.sql('ALTER TABLE 订单 DROP KEY 单号');
    expect((await sync()).problems).toEqual([]);
  } finally {
    await test.close();
    await mysql.remove();
    await rm(folder, { recursive: true });
  }
});
