import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/core/errors.ts';
import { type SlackEmulator, startSlackEmulator } from '../../test/emulators/slack.ts';
import { slackLogger } from './logger.ts';
import { createWire } from './wire.ts';

const TOKENS = { botToken: 'xoxb-1-files', appToken: 'xapp-1-files' };
const logger = slackLogger(pino({ enabled: false }), []);

let emulator: SlackEmulator;
beforeEach(async () => {
  emulator = await startSlackEmulator({ ...TOKENS, signingSecret: 's' });
});
afterEach(() => emulator.close());

describe('a file that a person sent', () => {
  const fetching = (from: Parameters<ReturnType<typeof createWire>['file']>[0], botToken = TOKENS.botToken) =>
    createWire({ botToken, apiUrl: emulator.apiUrl, logger, timeoutMs: 300 }).file(from).bytes();

  it('is fetched with our token', async () => {
    const offered = emulator.offer('合同.csv', Buffer.from('合同,金额\n'));
    expect(Buffer.from(await fetching(offered)).toString()).toBe('合同,金额\n');
  });

  it('is not fetched from elsewhere, which would be given our token', async () => {
    for (const url_private of [
      'https://evil.example/a',
      'https://evilslack.com/a',
      'http://files.slack.com/a',
      '',
      undefined,
    ]) {
      await expect(fetching({ name: 'a', url_private })).rejects.toThrow(/does not lie with Slack/);
    }
  });

  it('says what is missing: the permission, the file', async () => {
    const offered = emulator.offer('a.csv', Buffer.from('a'));
    await expect(fetching(offered, 'xoxb-other')).rejects.toThrow(/files:read/);
    const lost = fetching({ name: 'a', url_private: emulator.apiUrl.replace('/api/', '/files/F404/a') });
    await expect(lost).rejects.toThrow(UpstreamError);
  });
});
