import type { Call } from '../../core/message.ts';
import type { DrawnButton } from '../../core/platform.ts';
import type { Database } from '../../store/db.ts';

/** Questions about events of platforms, and about what their buttons stand for, to the database. */

/** Takes an event in. False where it was taken in before, also by another process or before a restart. */
export async function takeOnce(db: Database, platform: string, id: string, at: Date): Promise<boolean> {
  const taken = await db.$executeRaw`
    INSERT INTO "InboundEvent" ("platform", "id", "at") VALUES (${platform}, ${id}, ${at})
    ON CONFLICT ("platform", "id") DO NOTHING`;
  return taken === 1;
}

/** Remembers what buttons stand for, before they are shown. */
export async function keepCalls(db: Database, buttons: readonly DrawnButton[], at: Date): Promise<void> {
  for (const { ref, call } of buttons) {
    await db.$executeRaw`
      INSERT INTO "KeptCall" ("ref", "call", "at") VALUES (${ref}, ${JSON.stringify(call)}, ${at})
      ON CONFLICT ("ref") DO UPDATE SET "at" = excluded."at" WHERE "KeptCall"."at" < excluded."at"`;
  }
}

/** What a button stands for; null where it is too old. */
export async function keptCall(db: Database, ref: string): Promise<Call | null> {
  const kept = await db.keptCall.findUnique({ where: { ref } });
  return kept && (JSON.parse(kept.call) as Call);
}

/** Forgets events that no platform repeats any more, and buttons that nobody presses any more. */
export async function forgetOld(db: Database, events: Date, buttons: Date): Promise<void> {
  await db.inboundEvent.deleteMany({ where: { at: { lt: events } } });
  await db.keptCall.deleteMany({ where: { at: { lt: buttons } } });
}
