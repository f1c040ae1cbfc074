import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { type Arrived, type Harness, platformContract, type Trouble } from '../../test/contracts/platform.ts';
import type { Mail } from './draw.ts';
import { createEmail } from './index.ts';

/** A real SMTP server, on this machine, that can misbehave once. */
platformContract('email', async (): Promise<Harness<Mail>> => {
  const taken: Promise<Arrived>[] = [];
  let trouble: Trouble | undefined;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    authOptional: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'bell' && password === 'p@ss word') return done(null, { user: 'bell' });
      done(new Error('no'));
    },
    onRcptTo({ address }, _session, done) {
      const fail = (responseCode: number, words: string) => done(Object.assign(new Error(words), { responseCode }));
      if (address === 'nobody@example.com') return fail(550, '5.1.1 no such user');
      if (trouble === 'busy') {
        trouble = undefined;
        return fail(451, '4.3.0 try again');
      }
      if (trouble === 'limited') {
        trouble = undefined;
        return fail(450, '4.7.1 too many mails');
      }
      done();
    },
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        taken.push(read(Buffer.concat(parts)));
        if (trouble !== 'unanswered') return done();
        trouble = undefined;
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    platform: createEmail({
      url: `smtp://bell:${encodeURIComponent('p@ss word')}@127.0.0.1:${port}`,
      from: 'Fieldbell <bell@example.com>',
      timeoutMs: 400,
    }),
    address: 'email:li@example.com',
    wrongAddress: 'email:nobody@example.com',
    account: 'li',
    secrets: ['p@ss word', encodeURIComponent('p@ss word')],
    arrived: () => Promise.all(taken),
    provoke: (next) => {
      trouble = next;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
});

async function read(raw: Buffer): Promise<Arrived> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true });
  const html = mail.html || '';
  const text = html
    .replace(/<!doctype[^>]*>/i, '')
    .replace(/<br>|<\/(?:p|h1|tr|table)>/g, '\n')
    .replace(/<\/t[dh]>/g, ' ')
    .replace(/<[a-z/!][^>]*>/gi, '')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
  const pictures = mail.attachments.filter(({ contentType }) => contentType.startsWith('image/'));
  const files = mail.attachments.filter((one) => !pictures.includes(one));
  return {
    text,
    links: [...html.matchAll(/<(?:a\b|[^>]*\bhref=|[^>]*\bsrc="(?!cid:))/gi)].map(([found]) => found),
    pictures: pictures.map(({ content }) => content),
    files: files.map(({ filename, content }) => ({ name: filename ?? '', bytes: content })),
  };
}
