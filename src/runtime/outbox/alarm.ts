import { createHash } from 'node:crypto';
import type { Rules } from '../../core/context.ts';
import { Message } from '../../core/message.ts';
import { maskAddress } from '../../core/platform.ts';
import { type Clock, today } from '../../core/time.ts';
import type { Database } from '../../store/db.ts';
import { addLetter, type LetterRow } from './store.ts';

/** Tells the administrators' channel (`admins`), where there is one, what needs a person's hand. */
export interface Alarm {
  /** A destination is gone: once for each time that it goes. */
  gone(address: string, reason: string): Promise<void>;
  /** A letter was refused: once a day for a destination. */
  dead(letter: LetterRow, address: string, reason: string): Promise<void>;
}

export function createAlarm(db: Database, clock: Clock, rules: Rules): Alarm {
  async function tell(key: string, title: string, fields: Record<string, string>): Promise<void> {
    if (!rules.channel('admins')) return;
    const now = clock.now();
    const message = Message.parse({
      title,
      tone: 'bad',
      blocks: [{ type: 'fields', fields: Object.entries(fields).map(([label, value]) => ({ label, value })) }],
    });
    await addLetter(db, {
      key,
      to: 'channel:admins',
      class: 'notice',
      message: JSON.stringify(message),
      notBefore: now,
      expires: null,
      createdAt: now,
      sample: false,
    });
  }
  // A key is no secret, an address may be.
  const nameOf = (address: string) => createHash('sha256').update(address).digest('base64url').slice(0, 12);
  return {
    gone: (address, reason) =>
      tell(`outbox/gone/${nameOf(address)}/${clock.now().toISOString()}`, '发送目的地已失效 Destination gone', {
        目的地: maskAddress(address),
        原因: reason,
        处理: '修正后执行 fieldbell outbox resend；在此之前的消息会保留',
      }),
    async dead(letter, address, reason) {
      if (letter.key.startsWith('outbox/')) return;
      await tell(`outbox/dead/${nameOf(address)}/${today(clock)}`, '消息被拒收 Message refused', {
        消息: letter.key,
        目的地: maskAddress(address),
        原因: reason,
        处理: '查看 fieldbell outbox --state dead；修正后执行 fieldbell outbox resend',
      });
    },
  };
}
