import type { ChatPlatform } from '../../src/core/platform.ts';
import { draw, type Mail } from './draw.ts';
import { type EmailOptions, sendMail } from './wire.ts';

/** E-mail by a server of the house's. Addresses are `email:SOMEBODY@HOST`; it hears nothing. */
export function createEmail(options: EmailOptions): ChatPlatform<Mail> {
  return {
    name: 'email',
    draws: new Set(['table', 'pictures', 'file']),
    deduplicates: false,
    limits: () => [{ count: 30, ms: 60_000 }],
    draw,
    send: async (to, mail, sending = {}) => ({ id: await sendMail(options, to, mail, sending) }),
  };
}
