import { useEffect, useState } from 'preact/hooks';

/** The room in the address, `#/sales-bj`: the browser's Back leads from a room to the list, and a reload stays. */
function roomInAddress(): string | null {
  const written = window.location.hash.slice(2);
  if (!window.location.hash.startsWith('#/') || !written) return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

export function addressOf(room: string): string {
  return `#/${encodeURIComponent(room)}`;
}

export function useRoute(): string | null {
  const [room, setRoom] = useState(roomInAddress);
  useEffect(() => {
    const moved = () => setRoom(roomInAddress());
    window.addEventListener('hashchange', moved);
    return () => window.removeEventListener('hashchange', moved);
  }, []);
  return room;
}

/** Whether the window shows list and room side by side. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => window.matchMedia(WIDE).matches);
  useEffect(() => {
    const query = window.matchMedia(WIDE);
    const changed = () => setWide(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return wide;
}

/** The same width as in chat.css. */
const WIDE = '(min-width: 760px)';
