/** Unless told otherwise, longer than this and a request counts as not arrived, in ms. */
const PATIENCE = 20_000;

/** A request that failed. `status` 0: the server was not reached. `message` is for people, in the server's words. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks the server that handed out this page.
 * @throws ApiError
 */
export async function request<T>(method: string, path: string, body?: unknown, patience = PATIENCE): Promise<T> {
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), patience);
  try {
    const response = await fetch(path, {
      method,
      signal: abort.signal,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        accept: 'application/json',
        'accept-language': document.documentElement.lang,
        ...(method === 'GET' ? {} : { 'x-fieldbell': '1' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, wordsOf(text));
    return (text ? JSON.parse(text) : undefined) as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, '');
  } finally {
    window.clearTimeout(timer);
  }
}

/** The sentence in an error's body, or in the message of a command; empty where the body is not ours (a proxy's page). */
function wordsOf(body: string): string {
  try {
    const parsed = JSON.parse(body) as { error?: { message?: unknown }; blocks?: { text?: unknown }[] };
    const words = parsed.error?.message ?? parsed.blocks?.[0]?.text;
    return typeof words === 'string' ? words : '';
  } catch {
    return '';
  }
}
