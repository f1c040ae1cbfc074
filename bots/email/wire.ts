import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import { DeliveryError } from '../../src/core/errors.ts';
import { type Address, restOf, type SendOptions, schemeOf } from '../../src/core/platform.ts';
import type { Mail } from './draw.ts';

export interface EmailOptions {
  /** `smtp://USER:PASSWORD@HOST:PORT`, or `smtps:`. */
  url: string;
  /** Who the mails are from. */
  from: string;
  /** For connecting and for every answer. */
  timeoutMs?: number | undefined;
}

/** One address, so that nobody else is written to. */
const ADDRESS = /^[^\s@<>,;:"\\]+@[^\s@<>,;:"\\]+$/;

/**
 * Sends one mail over a connection of its own.
 * @throws DeliveryError `doubtful` where the server had begun to take it and did not answer
 */
export async function sendMail(
  options: EmailOptions,
  to: Address,
  mail: Mail,
  { key, signal }: SendOptions,
): Promise<string> {
  const address = restOf(to);
  if (schemeOf(to) !== 'email' || !ADDRESS.test(address))
    throw new DeliveryError('refused', 'this is no e-mail address');
  if (signal?.aborted) throw new DeliveryError('retry', 'it was told to stop');
  // A mailbox that sees one id twice may show it once.
  const id = key ? createHash('sha256').update(key).digest('hex').slice(0, 32) : randomUUID();
  const messageId = `<${id}@${options.from.split('@').at(-1)?.replace(/>.*$/, '') ?? 'fieldbell'}>`;
  const composed = new MailComposer({
    ...{
      from: options.from,
      to: { name: '', address },
      messageId,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
    },
    attachments: mail.attachments.map((one) => ({ ...one, content: Buffer.from(one.content) })),
    headers: { 'auto-submitted': 'auto-generated' },
  });
  const bytes = await composed.compile().build();
  const phase = { begun: false };
  await deliver(options, address, bytes, phase, signal).catch((error: unknown) => {
    throw failureOf(error, phase.begun);
  });
  return messageId;
}

async function deliver(
  { url, from, timeoutMs = 20_000 }: EmailOptions,
  to: string,
  bytes: Buffer,
  phase: { begun: boolean },
  signal: AbortSignal | undefined,
): Promise<void> {
  const server = new URL(url);
  const secure = server.protocol === 'smtps:';
  const connection = new SMTPConnection({
    host: server.hostname,
    port: Number(server.port) || (secure ? 465 : 587),
    secure,
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
  });
  const stop = () => connection.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.once('end', () => reject(new Error('the connection was closed')));
      const then = (next: () => void) => (error?: Error | null) => (error ? reject(error) : next());
      const send = () => {
        // Read only once the server has said that it takes the mail.
        const content = Readable.from(
          (async function* () {
            phase.begun = true;
            yield bytes;
          })(),
        );
        connection.send({ from: from.replace(/^.*<([^>]+)>$/, '$1'), to: [to] }, content, then(resolve));
      };
      const user = decodeURIComponent(server.username);
      const login = () =>
        connection.login({ user, credentials: { user, pass: decodeURIComponent(server.password) } }, then(send));
      connection.connect(then(user ? login : send));
    });
    connection.quit();
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.on('error', () => {});
    connection.close();
  }
}

/** A minute: mail servers say that it is too much, not for how long. */
const LIMIT_PAUSE = 60_000;

function failureOf(error: unknown, begun: boolean): DeliveryError {
  const {
    responseCode,
    response = '',
    command,
    code,
  } = error as { responseCode?: number; response?: string; command?: string; code?: string };
  // What a server answers may hold the address or the account: its code is enough.
  const said = `the mail server answers ${responseCode ?? code ?? 'nothing'}`;
  if (responseCode === undefined) {
    return begun
      ? new DeliveryError('doubtful', `${said} after it began to take the mail`)
      : new DeliveryError('retry', said);
  }
  if (responseCode === 421 || /^4\d\d[ -]4\.7\.|rate|too many/i.test(response))
    return new DeliveryError('wait', said, LIMIT_PAUSE);
  if (responseCode < 500) return new DeliveryError('retry', said);
  // A password that is wrong is the operator's to mend: the mail waits for it.
  if (code === 'EAUTH') return new DeliveryError('retry', `${said}: SMTP_URL's user or password is wrong`);
  return new DeliveryError('refused', said, undefined, { gone: command === 'RCPT TO' && responseCode === 550 });
}
