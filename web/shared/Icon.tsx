const PATHS = {
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  back: 'M12.5 4.5 7 10l5.5 5.5',
  next: 'M7.5 4.5 13 10l-5.5 5.5',
  down: 'M10 4v12m0 0 5-5m-5 5-5-5',
  swap: 'M6.5 8 10 4.5 13.5 8M6.5 12l3.5 3.5 3.5-3.5',
  close: 'm5 5 10 10M15 5 5 15',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  send: 'M10 16V4m0 0L4.75 9.25M10 4l5.25 5.25',
  group:
    'M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5Zm-5 6.5c0-2.5 2.2-4 5-4s5 1.5 5 4M13 4.3a2.6 2.6 0 0 1 0 5m1.8 3.1c1.7.5 2.7 1.8 2.7 3.6',
  bell: 'M10 3a4.5 4.5 0 0 0-4.5 4.5v3L4 13.5h12l-1.5-3v-3A4.5 4.5 0 0 0 10 3ZM8.2 15.8a2 2 0 0 0 3.6 0',
  file: 'M11.5 3H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V6.5L11.5 3Zm0 0v3.5H15',
  chart: 'M4 16.5V10m4 6.5v-12m4 12V8m4 8.5v-13',
  lock: 'M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9M5 9h10v7.5H5z',
  alert: 'M10 6.5v4.2m0 2.8v.1M10 3l7.5 13.5h-15L10 3Z',
} as const;

/** A line drawing beside words that say the same; hidden from screen readers. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
