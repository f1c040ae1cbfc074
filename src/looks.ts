import type { Drawable, DrawnMessage } from './core/platform.ts';

/** How a platform shows messages: what it draws by itself, and its own payloads of a drawn message. */
interface Look {
  draws: ReadonlySet<Drawable>;
  draw(): Promise<(message: DrawnMessage) => unknown[]>;
}

/** The looks of all platforms, also of those that are off; `draw` is pure and needs no SDK's connection. */
export const LOOKS: Readonly<Record<string, Look>> = {
  console: { draws: new Set(['table', 'pictures', 'actions']), draw: async () => (message) => [message] },
  'wecom-robot': {
    draws: new Set(['table', 'pictures', 'file', 'mentions']),
    draw: async () => (await import('../bots/wecom-robot/draw.ts')).draw,
  },
  'wecom-bot': {
    draws: new Set(['table', 'pictures', 'actions', 'file']),
    draw: async () => (await import('../bots/wecom-bot/draw.ts')).draw,
  },
  'wecom-app': {
    draws: new Set(['pictures', 'file', 'actions']),
    draw: async () => (await import('../bots/wecom-app/draw.ts')).draw,
  },
  slack: {
    draws: new Set(['table', 'pictures', 'actions', 'file', 'mentions']),
    draw: async () => (await import('../bots/slack/draw.ts')).draw,
  },
  telegram: {
    draws: new Set(['table', 'pictures', 'actions', 'file', 'mentions']),
    draw: async () => (await import('../bots/telegram/draw.ts')).draw,
  },
};
