import { request } from '../shared/request.ts';
import type { MessageJson } from './wire.ts';

/** An answer of a command, with its values. */
export type Answered<T> = MessageJson & { data: T };

/**
 * Asks a command, as everybody does: `POST /api/commands/NAME`.
 * @throws ApiError in the server's words
 */
export function ask<T>(name: string, args: object = {}, patience?: number): Promise<Answered<T>> {
  return request<Answered<T>>('POST', `/api/commands/${name}`, args, patience);
}
