/** Milliseconds; tests make them short. */
export interface Timings {
  /** How long our lease on the connection holds without being renewed; it is renewed three times as often. */
  leaseMs: number;
  /** While another process of ours holds it: how often to ask. */
  leaseRetryMs: number;
  /** From opening a socket to the answer to the subscription. */
  subscribeMs: number;
  /** After a connection was lost. */
  reconnect: BackOff;
  /** After bot id or secret were refused. */
  refused: BackOff;
  /** After the subscription met the platform's limit (45009). */
  limited: BackOff;
  /** After somebody else's process took the connection. */
  taken: BackOff;
  /** A connection that lasted so long begins its back-off anew. */
  stableMs: number;
  /** The same after somebody else took it; until then the alarm is not repeated. */
  peaceMs: number;
  /** How long something to be sent waits for a connection that is being made. */
  connectWaitMs: number;
  /** How long an answer to a frame is waited for; the SDK itself gives up after 5000. */
  ackMs: number;
  /** After this an answer that did not come is apologised for; the platform allows 6 minutes. */
  apologyMs: number;
  /** How long `stop` tries to close answers that are still waiting. */
  farewellMs: number;
}

/** Doubles from `firstMs` to `mostMs`, a quarter more or less. */
export interface BackOff {
  firstMs: number;
  mostMs: number;
}

const MINUTE = 60_000;

export const TIMINGS: Timings = {
  leaseMs: 30_000,
  leaseRetryMs: 5000,
  subscribeMs: 10_000,
  reconnect: { firstMs: 1000, mostMs: 30_000 },
  refused: { firstMs: MINUTE, mostMs: 10 * MINUTE },
  limited: { firstMs: 3 * MINUTE, mostMs: 15 * MINUTE },
  taken: { firstMs: 2 * MINUTE, mostMs: 60 * MINUTE },
  stableMs: MINUTE,
  peaceMs: 60 * MINUTE,
  connectWaitMs: 3000,
  ackMs: 6000,
  apologyMs: 5 * MINUTE,
  farewellMs: 1000,
};

/** @param failures how many there were before */
export function delayOf({ firstMs, mostMs }: BackOff, failures: number): number {
  return Math.min(firstMs * 2 ** Math.min(failures, 20), mostMs) * (0.75 + Math.random() / 2);
}
