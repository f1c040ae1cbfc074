import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConsoleMessage } from '../api.ts';

/** Nearer to the end than this counts as being there, in px. */
const NEAR = 80;

interface StickyScroll {
  frame: RefObject<HTMLElement | null>;
  onScroll: () => void;
  /** Scrolled up, away from the newest. */
  away: boolean;
  /** Messages that arrived meanwhile. */
  missed: number;
  toEnd: () => void;
}

/**
 * Keeps the reader's place. The frame is a reversed column: its scroll position counts from the end, so the end stays
 * in view when something below changes its height, and older messages above move nothing. What is left to do when
 * something is added below: hold the place of a reader who has scrolled up, go along with one's own lines, and begin at
 * the top of an answer that is higher than the frame, since its first line is the answer.
 */
export function useStickyScroll(messages: ConsoleMessage[], pending: number): StickyScroll {
  const frame = useRef<HTMLElement>(null);
  const [away, setAway] = useState(false);
  const [seen, setSeen] = useState<number | null>(null);
  const last = messages.at(-1);
  const newest = last?.seq ?? 0;
  const oldest = messages[0]?.seq ?? 0;
  const before = useRef({ newest, oldest, pending, height: 0 });

  // After every rendering: whatever has changed the height has to be made up for.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const was = before.current;
    before.current = { newest, oldest, pending, height: element.scrollHeight };
    if (pending > was.pending) element.scrollTop = 0;
    else if (oldest !== was.oldest) return;
    else if (element.scrollTop < -NEAR) element.scrollTop -= element.scrollHeight - was.height;
    else if (newest !== was.newest && last?.from.kind === 'bot') element.scrollTop = -hiddenAbove(element);
  });

  return {
    frame,
    away,
    missed: away && seen !== null ? messages.filter((message) => message.seq > seen).length : 0,
    onScroll() {
      const element = frame.current;
      if (!element) return;
      const nowAway = element.scrollTop < -NEAR;
      if (nowAway === away) return;
      setAway(nowAway);
      setSeen(nowAway ? newest : null);
    },
    toEnd() {
      frame.current?.scrollTo({ top: 0 });
    },
  };
}

/** How much of the last line would stand above the frame, with the frame at its end, in px. */
function hiddenAbove(frame: HTMLElement): number {
  const line = frame.querySelector('.lines > :last-child');
  const end = frame.firstElementChild;
  if (!line || !end) return 0;
  return Math.max(0, end.getBoundingClientRect().bottom - line.getBoundingClientRect().top - frame.clientHeight);
}
