/** How long a worker thread stands aside for the main thread before each of its writes. */
const STEP_ASIDE_MS = 50;

/**
 * Lets writes and transactions through one at a time, in the order in which they came. SQLite has one writer; a queue of
 * ours keeps waiting out of the event loop and a write from joining a stranger's transaction.
 */
export class Gate {
  #last: Promise<void> = Promise.resolve();
  #inside = 0;
  readonly #waiting: Int32Array | undefined;

  /** `waiting`: counts the writes that wait or run here, for the worker threads to see. */
  constructor(waiting?: SharedArrayBuffer) {
    this.#waiting = waiting && new Int32Array(waiting);
  }

  /** Resolves when it is the caller's turn, with what ends the turn. */
  async enter(): Promise<() => void> {
    this.#count(1);
    const before = this.#last;
    const alone = this.#inside++ === 0;
    let open = (): void => {};
    this.#last = new Promise((resolve) => {
      open = resolve;
    });
    await before;
    // Each turn that had to wait begins in a round of the event loop of its own: a long queue must not starve sockets.
    if (!alone) await new Promise((resolve) => setImmediate(resolve));
    return () => {
      this.#inside--;
      this.#count(-1);
      open();
    };
  }

  #count(change: 1 | -1): void {
    if (!this.#waiting) return;
    const before = Atomics.add(this.#waiting, 0, change);
    if (before + change === 0) Atomics.notify(this.#waiting, 0);
  }
}

/** In a worker thread: blocks for as long as the main thread wants to write, but not longer than 50 ms. */
export function stepAside(waiting: Int32Array): void {
  const deadline = performance.now() + STEP_ASIDE_MS;
  for (;;) {
    const wanting = Atomics.load(waiting, 0);
    const left = deadline - performance.now();
    if (wanting <= 0 || left <= 0) return;
    Atomics.wait(waiting, 0, wanting, left);
  }
}
