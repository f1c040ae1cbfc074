import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { SetupError } from './core/errors.ts';

describe('settings', () => {
  it('need nothing', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      databaseUrl: 'file:./data/fieldbell.db',
      host: '127.0.0.1',
      port: 8787,
      zone: 'Asia/Shanghai',
      sample: 'auto',
      apiTokens: [],
      parts: ['http', 'bots', 'dispatch', 'jobs'],
      wecomApiBase: 'https://qyapi.weixin.qq.com',
    });
  });

  it('take an empty value for none', () => {
    expect(readConfig({ FIELDBELL_PORT: '', QUICKCHART_URL: ' ' })).toMatchObject({
      port: 8787,
      quickchartUrl: undefined,
    });
  });

  it('read tokens with their roles', () => {
    expect(readConfig({ FIELDBELL_API_TOKENS: 'php:0123456789, erp:abcdefghij:lead' }).apiTokens).toEqual([
      { name: 'php', token: '0123456789', role: 'staff' },
      { name: 'erp', token: 'abcdefghij', role: 'lead' },
    ]);
  });

  it('read the addresses of proxies', () => {
    expect(readConfig({ FIELDBELL_PROXIES: '127.0.0.1, 10.0.0.0/24,::1' }).proxies).toEqual([
      '127.0.0.1',
      '10.0.0.0/24',
      '::1',
    ]);
    for (const wrong of ['proxy', '10.0.0.0/33', '10.0.0.0/8/8', '1.2.3', 'all,']) {
      expect(() => readConfig({ FIELDBELL_PROXIES: wrong }), wrong).toThrow(/FIELDBELL_PROXIES must be addresses/);
    }
  });

  it('report every mistake at once, each with its name, and no secret', () => {
    const wrong = {
      FIELDBELL_PORT: '99999',
      FIELDBELL_TIME_ZONE: 'Mars/Olympus',
      FIELDBELL_SAMPLE: 'maybe',
      FIELDBELL_API_TOKENS: 'php:hunter2',
      FIELDBELL_ADMIN_PASSWORD: 'geheim',
      FIELDBELL_ROLES: 'http,cooking',
    };
    try {
      readConfig(wrong);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SetupError);
      const { message, mistakes } = error as SetupError;
      expect(mistakes).toHaveLength(6);
      for (const name of Object.keys(wrong)) expect(message).toContain(name);
      expect(message).not.toContain('hunter2');
      expect(message).not.toContain('geheim');
    }
  });

  it('turn a platform on when it is complete, and name what is missing when it is half there', () => {
    const slack = { SLACK_BOT_TOKEN: 'xoxb-0123456789', SLACK_APP_TOKEN: 'xapp-0123456789' };
    expect(readConfig(slack).slack).toEqual({ botToken: 'xoxb-0123456789', appToken: 'xapp-0123456789' });
    expect(readConfig({}).slack).toBeUndefined();
    const half = {
      WECOM_BOT_ID: 'bot',
      WECOM_CORP_ID: 'ww',
      SLACK_BOT_TOKEN: 'xoxb-0123456789',
      TELEGRAM_WEBHOOK_SECRET: 'x',
    };
    try {
      readConfig(half);
      expect.unreachable();
    } catch (error) {
      expect((error as SetupError).mistakes).toEqual([
        'WECOM_BOT_SECRET missing beside WECOM_BOT_ID',
        'WECOM_APP_SECRET, WECOM_APP_AGENT_ID missing beside WECOM_CORP_ID',
        'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET missing beside SLACK_BOT_TOKEN',
        'TELEGRAM_BOT_TOKEN missing beside TELEGRAM_WEBHOOK_SECRET',
      ]);
    }
  });

  it('turn a source on by either way of signing in, and name what is missing', () => {
    const metabase = { METABASE_URL: 'http://metabase.example/', METABASE_API_KEY: 'mb_0123456789' };
    expect(readConfig(metabase).metabase).toEqual({
      url: 'http://metabase.example',
      signIn: { apiKey: 'mb_0123456789' },
    });
    const guanke = {
      GUANKE_BASE_URL: 'http://guanke.example',
      GUANKE_USERNAME: 'fieldbell',
      GUANKE_PASSWORD: 'secret',
    };
    expect(readConfig(guanke).guanke?.signIn).toEqual({ username: 'fieldbell', password: 'secret' });
    try {
      readConfig({ METABASE_USERNAME: 'fieldbell', GUANKE_BASE_URL: 'http://guanke.example', GUANKE_USERNAME: 'x' });
      expect.unreachable();
    } catch (error) {
      expect((error as SetupError).mistakes).toEqual([
        'METABASE_URL missing beside METABASE_USERNAME',
        'GUANKE_PASSWORD missing beside GUANKE_USERNAME',
      ]);
    }
    expect(() => readConfig({ MYSQL_URL: 'mysql//u:hunter2@h/db' })).toThrow(/^(?!.*hunter2)[\s\S]*MYSQL_URL/);
  });
});
