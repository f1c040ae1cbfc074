import type { LetterState } from '../../../core/outbox.ts';
import type { Database } from '../../../store/db.ts';
import { instantText, storableText } from '../../../store/sqlite-values.ts';

/** What the sender says of a letter that it holds, by the token of its claim. Whole: every column is written. */
export interface Said {
  seq: number;
  token: number;
  state: LetterState;
  reason: string | null;
  attempts: number;
  repeats: number;
  partsSent: number;
  notBefore: Date;
  triedAt: Date | null;
  /** Null: its name is to be looked up again. */
  address: string | null;
  sentAt: Date | null;
  sentTo: string | null;
  platformId: string | null;
}

/** A letter to be taken for sending. `token` is the one that it will have. */
export interface Claim {
  seq: number;
  token: number;
  triedAt: Date;
}

export interface Departure {
  to: string;
  at: Date;
  letter: number;
}

export interface Writes {
  said: readonly Said[];
  claims: readonly Claim[];
  departures: readonly Departure[];
  /** Parcels that left at `was` and were answered at `at`. */
  arrivals: readonly { letter: number; was: Date; at: Date }[];
  /** By whom, and by which token of the lease to dispatch: without it nothing is claimed. */
  by: { runner: string; lease: number; now: Date };
}

/**
 * One transaction for all that waits to be written. Says which letters were really changed and taken: a letter is changed
 * only while it is being sent under the same token, and taken only while it waits and the lease to dispatch is ours.
 */
export async function write(db: Database, writes: Writes): Promise<{ said: Set<number>; claimed: Set<number> }> {
  const said = () => db.$queryRaw<{ seq: bigint | number }[]>`
    WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(${json(writes.said)}))
    UPDATE "Letter" SET "state" = v ->> 'state', "reason" = v ->> 'reason', "attempts" = v ->> 'attempts',
      "repeats" = v ->> 'repeats', "partsSent" = v ->> 'partsSent', "notBefore" = v ->> 'notBefore',
      "triedAt" = v ->> 'triedAt', "address" = v ->> 'address', "sentAt" = v ->> 'sentAt', "sentTo" = v ->> 'sentTo',
      "platformId" = v ->> 'platformId'
    FROM given WHERE "Letter"."seq" = v ->> 'seq' AND "Letter"."token" = v ->> 'token' AND "Letter"."state" = 'sending'
    RETURNING "Letter"."seq" AS "seq"`;
  const arrivals = () => db.$executeRaw`
    WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(${json(writes.arrivals)}))
    UPDATE "Departure" SET "at" = v ->> 'at' FROM given
    WHERE "Departure"."letter" = v ->> 'letter' AND "Departure"."at" = v ->> 'was'`;
  const departures = () => db.$executeRaw`
    INSERT INTO "Departure" ("to", "at", "letter")
    SELECT value ->> 'to', value ->> 'at', value ->> 'letter' FROM json_each(${json(writes.departures)})`;
  const { runner, lease, now } = writes.by;
  const claims = () => db.$queryRaw<{ seq: bigint | number }[]>`
    WITH given(v) AS MATERIALIZED (SELECT value FROM json_each(${json(writes.claims)}))
    UPDATE "Letter" SET "state" = 'sending', "token" = v ->> 'token', "triedAt" = v ->> 'triedAt',
      "claimedAt" = ${now}, "claimedBy" = ${runner}
    FROM given WHERE "Letter"."seq" = v ->> 'seq' AND "Letter"."token" = (v ->> 'token') - 1
      AND "Letter"."state" = 'queued'
      AND EXISTS (SELECT 1 FROM "Lease" WHERE "name" = 'outbox' AND "holder" = ${runner} AND "token" = ${lease})
    RETURNING "Letter"."seq" AS "seq"`;
  const seqs = (rows: unknown) => new Set((rows as { seq: bigint | number }[]).map(({ seq }) => Number(seq)));
  const wanted = [
    writes.said.length > 0 && (['said', said] as const),
    writes.arrivals.length > 0 && (['arrivals', arrivals] as const),
    writes.departures.length > 0 && (['departures', departures] as const),
    writes.claims.length > 0 && (['claims', claims] as const),
  ].filter((one) => one !== false);
  const only = wanted[0];
  const results =
    only && wanted.length === 1 ? [await only[1]()] : await db.$transaction(wanted.map(([, run]) => run()));
  const answerOf = (name: string) => seqs(results[wanted.findIndex(([one]) => one === name)] ?? []);
  return { said: answerOf('said'), claimed: answerOf('claims') };
}

function json(rows: readonly object[]): string {
  return JSON.stringify(rows, function (this: Record<string, unknown>, name, value: unknown) {
    const raw = this[name];
    if (raw instanceof Date) return instantText(raw);
    return typeof value === 'string' ? storableText(value) : value;
  });
}
