import type { ChatPlatform } from '../../src/core/platform.ts';
import { draw, type RobotParcel } from './draw.ts';
import { createWire, type WireOptions } from './wire.ts';

export type { RobotParcel } from './draw.ts';

export interface RobotOptions extends WireOptions {
  /** Our own page, which cards open. */
  publicUrl?: string | undefined;
}

/**
 * The WeCom group robot: a webhook that posts into one group and hears nothing. Addresses are `wecom-robot:KEY`; the key
 * is a secret. It gives no message id and does not know a repeated message.
 * @throws SetupError where `apiBase` is no address
 */
export function createWecomRobot({ publicUrl, ...options }: RobotOptions): ChatPlatform<RobotParcel> {
  const wire = createWire(options);
  return {
    name: 'wecom-robot',
    draws: new Set(['table', 'pictures', 'file', 'mentions']),
    deduplicates: false,
    limits: () => [{ count: 20, ms: 60_000 }],
    draw: (message) => draw(message, publicUrl),
    async send(to, parcel, { signal } = {}) {
      if (parcel.msgtype === 'file') {
        const media_id = await wire.upload(to, parcel.name, parcel.bytes, signal);
        await wire.send(to, { msgtype: 'file', file: { media_id } }, signal);
      } else {
        await wire.send(to, parcel, signal);
      }
      return {};
    },
  };
}
