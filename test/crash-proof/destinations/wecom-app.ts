import { startWecomAppEmulator } from '../../emulators/wecom-app.ts';
import { type Arrival, type OpenDestination, readText, wecomAnswer } from '../destination.ts';

/** A WeCom self-built app: WeCom swallows a repeated request, and drops what a member gets beyond 30 a minute. */
export const openApp: OpenDestination = async ({ conversations, clock }) => {
  const users = Array.from({ length: conversations }, (_, at) => `member-${at}`);
  const secret = `proof-${crypto.randomUUID()}`;
  const callback = { callbackToken: 'proof-callback', callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
  const app = { corpId: 'wwproof', secret, agentId: 1000002 };
  const emulator = await startWecomAppEmulator({ ...app, ...callback, users, clock });
  return {
    scheme: 'wecom-app',
    deduplicates: true,
    settings: (base) => ({
      WECOM_API_BASE: base,
      WECOM_CORP_ID: app.corpId,
      WECOM_APP_SECRET: secret,
      WECOM_APP_AGENT_ID: String(app.agentId),
    }),
    secrets: [secret],
    addresses: users.map((user) => `wecom-app:${user}`),
    gone: 'wecom-app:nobody-knows',
    serves: { path: /^\/cgi-bin\/(gettoken|message|media)\b/, url: emulator.url },
    sends: /^\/cgi-bin\/message\/send\?/,
    busy: wecomAnswer(-1, 'system busy'),
    limited: wecomAnswer(45009, 'api freq out of limit'),
    isOverLimit: ({ body }) => body.includes('"errcode":45009'),
    async arrived(pieceOf) {
      const arrivals = users.flatMap((user) =>
        emulator.received(user).map(({ body, upload }): Arrival => {
          const address = `wecom-app:${user}`;
          if (body.msgtype === 'markdown') return readText(address, body.markdown.content);
          if (body.msgtype === 'text') return readText(address, body.text.content);
          const picture = upload && pieceOf(upload.bytes);
          return { address, pieces: picture ? [picture] : [], marked: false };
        }),
      );
      return { arrivals, dropped: emulator.dropped() };
    },
    close: () => emulator.close(),
  };
};
