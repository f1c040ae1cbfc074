import type { Inbound, InboundFile } from '../../src/core/platform.ts';
import type { CallbackEvent } from './callback.ts';
import { type Card, pressed } from './card.ts';

/** What an event of the callback asks for. */
export type Meaning =
  | { inbound: Inbound }
  /** A button that is asked about first: another card comes in the place of its own. */
  | { to: string; card: Card; responseCode: string }
  | undefined;

/**
 * Reads a callback event. Who opens the app or is let in for the first time is greeted, once.
 * @param download fetches by media id
 */
export function readEvent(event: CallbackEvent, download: InboundFetch): Meaning {
  const user = event['FromUserName'] ?? '';
  if (!/^[A-Za-z0-9][\w@.-]{0,63}$/.test(user)) return undefined;
  const address = `wecom-app:${user}`;
  const said = (id: string | undefined, what: Partial<Inbound>): Meaning =>
    id ? { inbound: { id, room: address, from: address, group: false, ...what } } : undefined;
  const file = (name: string): InboundFile => ({
    name,
    bytes: (signal) => download(event['MediaId'] ?? '', signal),
  });
  const id = event['MsgId'];
  switch (event['MsgType']) {
    case 'text':
      return said(id, { text: event['Content'] ?? '' });
    case 'image':
      return said(id, { files: [file(`${id}.jpg`)] });
    case 'video':
      return said(id, { files: [file(`${id}.mp4`)] });
    case 'event':
      break;
    default:
      return undefined;
  }
  const { CreateTime: at = '', EventKey: key = '', ResponseCode: responseCode = '', TaskId: task = '' } = event;
  const eventId = `${user}/${at}/${key}/${task}`;
  switch (event['Event']) {
    case 'subscribe':
    case 'enter_agent':
      return said(`welcome/${user}`, { call: { command: 'help', args: {} } });
    case 'click':
      // An entry of the app's menu is set up with the line that it stands for.
      return said(eventId, { text: key });
    case 'template_card_event': {
      const meant = pressed(key);
      if ('ref' in meant) return said(eventId, { ref: meant.ref, pressed: responseCode || undefined });
      return 'card' in meant ? { to: address, card: meant.card, responseCode } : undefined;
    }
    default:
      return undefined;
  }
}

export type InboundFetch = (mediaId: string, signal?: AbortSignal) => Promise<Uint8Array>;
