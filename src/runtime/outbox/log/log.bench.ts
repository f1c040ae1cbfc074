import { textMessage } from '../../../core/message.ts';
import type { Database } from '../../../store/db.ts';
import { addLetters } from '../store.ts';

const LETTERS = 100_000;
const BATCH = 10_000;
const STATES = ['sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'sent', 'dead', 'held'];

/** Fills the log with 100,000 letters of a hundred days, most of them sent. */
export async function fillLog(db: Database, now: Date): Promise<void> {
  for (let from = 0; from < LETTERS; from += BATCH) {
    const letters = Array.from({ length: BATCH }, (_, at) => {
      const createdAt = new Date(now.getTime() - (LETTERS - from - at) * 86_400);
      const message = JSON.stringify(textMessage(`第 ${from + at} 条：合同 YHWX-${from + at} 已签`));
      const to = `channel:bench-${(from + at) % 50}`;
      const times = { createdAt, notBefore: createdAt, expires: null };
      return {
        key: `bench/${from + at}`,
        to,
        class: at % 5 === 0 ? 'notice' : 'broadcast',
        message,
        sample: false,
        ...times,
      };
    });
    await db.$transaction((tx) => addLetters(tx, letters));
  }
  for (const [at, state] of STATES.entries()) {
    await db.$executeRaw`
      UPDATE "Letter" SET "state" = ${state}, "sentAt" = CASE ${state} WHEN 'sent' THEN "createdAt" END
      WHERE "seq" % ${STATES.length} = ${at}`;
  }
}
