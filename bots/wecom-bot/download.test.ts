import { decryptFile } from '@wecom/aibot-node-sdk';
import { describe, expect, it } from 'vitest';
import { nameIn } from './download.ts';

describe('a file that was sent to the bot', () => {
  it('is encrypted with AES-256-CBC, its first 16 key bytes as vector, padded to 32', () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const secret = Buffer.from('s645C8ypdNXsZVU9wJshG51IPQCMTTGltMHe80WGOco=', 'base64');
    expect(decryptFile(secret, key).toString()).toBe('FILE');
  });

  it.each([
    [`attachment; filename="x"; filename*=UTF-8''${encodeURIComponent('十月 合同.csv')}`, '十月 合同.csv'],
    ['attachment; filename="my contracts.csv"', 'my contracts.csv'],
    ['attachment; filename=a.csv; size=3', 'a.csv'],
    [`attachment; filename="${Buffer.from('合同.csv').toString('latin1')}"`, '合同.csv'],
    ['attachment; filename="%E5%90%88.csv"', '合.csv'],
    ['attachment; filename="100%.csv"', '100%.csv'],
    ["attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", 'passwd'],
    ['attachment', ''],
  ])('is named by %s', (disposition, name) => {
    expect(nameIn(disposition)).toBe(name);
  });
});
