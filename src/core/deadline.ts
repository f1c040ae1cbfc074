/** How long a request may wait: a limit of time and a stop from outside, joined into one signal. */
export interface Deadline {
  /** Aborted when the time is up, or the stop came; its reason is an Error that says which. */
  signal: AbortSignal;
  /** Whether the time ran out. */
  readonly passed: boolean;
  /** Ends the wait; to be called when the request has ended. */
  release(): void;
}

/**
 * Not `AbortSignal.any` with `AbortSignal.timeout`: Node 20 may collect the timeout that is only held by the joined
 * signal, and then nothing ends the request (nodejs/node#57736).
 * @param ms none: only a stop ends it
 * @param graceMs how long a request that is already out may still take after the stop
 */
export function deadline(ms: number | undefined, stop?: AbortSignal, graceMs = 0): Deadline {
  const controller = new AbortController();
  let passed = false;
  let grace: NodeJS.Timeout | undefined;
  const timer =
    ms === undefined
      ? undefined
      : setTimeout(() => {
          passed = true;
          controller.abort(new Error(`timeout after ${ms / 1000} s`));
        }, ms);
  const stopped = () => controller.abort(new Error('stopped while waiting'));
  const onStop = () => {
    if (graceMs === 0) stopped();
    else grace = setTimeout(stopped, graceMs);
  };
  if (stop?.aborted) onStop();
  else stop?.addEventListener('abort', onStop, { once: true });
  return {
    signal: controller.signal,
    get passed() {
      return passed;
    },
    release() {
      clearTimeout(timer);
      clearTimeout(grace);
      stop?.removeEventListener('abort', onStop);
    },
  };
}
