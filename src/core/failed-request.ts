import { messageOf } from './errors.ts';

/** What `fetch` says of a request that failed: whether it may have arrived decides between a retry and doubt. */

/** Whether a failed request surely ended before it left: no name, no connection, no TLS. In doubt: no. */
export function wasNotSent(error: unknown): boolean {
  const cause = causeOf(error);
  if (!cause) return false;
  if (cause.syscall === 'getaddrinfo' || cause.syscall === 'connect') return true;
  if (/^UND_ERR_CONNECT_TIMEOUT$|CERT|UNABLE_TO_VERIFY|WRONG_VERSION/.test(cause.code ?? '')) return true;
  return cause.message.includes('before secure TLS connection was established') || cause.socket?.bytesWritten === 0;
}

interface Cause extends NodeJS.ErrnoException {
  /** Of undici's SocketError; the connection carries this one request. */
  socket?: { bytesWritten?: number };
}

/** What lies behind the error of a request, if it says. */
function causeOf(error: unknown): Cause | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0];
  return cause instanceof Error ? cause : undefined;
}

/** Why a request failed, in a word. It may hold the address with its secrets: scrub it. */
export function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  return cause?.code ?? cause?.message ?? messageOf(error);
}
