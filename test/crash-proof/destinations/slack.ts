import { startSlackEmulator } from '../../emulators/slack.ts';
import { type OpenDestination, readText, type WireAnswer } from '../destination.ts';

/** Slack channels: nothing is de-duplicated; one message a second. */
export const openSlack: OpenDestination = async ({ conversations, clock }) => {
  const channels = Array.from({ length: conversations }, (_, at) => `CPROOF${at}`);
  const secrets = { botToken: `xoxb-${crypto.randomUUID()}`, signingSecret: `proof-${crypto.randomUUID()}` };
  const emulator = await startSlackEmulator({ ...secrets, appToken: 'xapp-not-used', clock });
  for (const channel of channels) emulator.addChannel(channel);
  const answer = (status: number, body: string, headers = {}): WireAnswer => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return {
    scheme: 'slack',
    deduplicates: false,
    settings: (base) => ({
      SLACK_BOT_TOKEN: secrets.botToken,
      SLACK_SIGNING_SECRET: secrets.signingSecret,
      SLACK_API_URL: `${base}/api/`,
    }),
    secrets: Object.values(secrets),
    addresses: channels.map((channel) => `slack:${channel}`),
    gone: 'slack:CGONE',
    serves: { path: /^\/api\//, url: emulator.apiUrl.replace(/\/api\/$/, '') },
    sends: /^\/api\/(chat\.postMessage|files\.completeUploadExternal)$/,
    busy: answer(503, '{"ok":false,"error":"service_unavailable"}'),
    limited: answer(429, '{"ok":false,"error":"ratelimited"}', { 'retry-after': '5' }),
    isOverLimit: ({ status }) => status === 429,
    async arrived(pieceOf) {
      const arrivals = channels.flatMap((channel) =>
        emulator.posted(channel).map((message) => {
          const read = readText(`slack:${channel}`, JSON.stringify(message.blocks) + message.text);
          // The words stand in the blocks, and their beginning again where a phone shows it.
          const pieces = [...new Set(read.pieces)];
          const picture = message.file && pieceOf(message.file.bytes);
          return { ...read, pieces: picture ? [...pieces, picture] : pieces };
        }),
      );
      return { arrivals, dropped: 0 };
    },
    close: () => emulator.close(),
  };
};
