import type { ConsoleLine, ConsolePage, ConsoleSent, ConsoleSession, ConsoleSignIn } from '../src/http/console-wire.ts';
import { request } from './shared/request.ts';

export type * from '../src/http/console-wire.ts';

const room = (id: string): string => `/api/console/rooms/${encodeURIComponent(id)}/messages`;

/** The calls of the web chat. Each throws ApiError. */
export const consoleApi = {
  session: () => request<ConsoleSession>('GET', '/api/console/session'),
  become: (person: string) => request<unknown>('POST', '/api/console/session', { person }),
  signIn: (proof: ConsoleSignIn) => request<unknown>('POST', '/api/console/sign-in', proof),
  signOut: () => request<unknown>('DELETE', '/api/console/session'),
  messages: (id: string, before?: number) =>
    request<ConsolePage>('GET', before === undefined ? room(id) : `${room(id)}?before=${before}`),
  send: (id: string, line: ConsoleLine) => request<ConsoleSent>('POST', room(id), line),
};
