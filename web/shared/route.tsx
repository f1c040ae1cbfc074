import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Where a page is: `/admin/delivery/KEY?state=dead` → `['delivery', 'KEY']` and the query. */
export interface Route {
  path: string[];
  query: URLSearchParams;
}

const MOVED = 'fieldbell:moved';

function here(base: string): Route {
  const path = window.location.pathname
    .slice(base.length)
    .split('/')
    .filter(Boolean)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return { path, query: new URLSearchParams(window.location.search) };
}

/** Goes there without loading anew. `replace`: Back does not lead here. */
export function go(address: string, options: { replace?: boolean } = {}): void {
  if (options.replace) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  window.dispatchEvent(new Event(MOVED));
  if (!options.replace) window.scrollTo(0, 0);
}

/** The places of a page that the server hands out at `base` and below it. */
export function routesBelow(base: string) {
  return {
    /** The address of a place in the page. */
    addressOf(path: readonly string[], query: Record<string, string | undefined> = {}): string {
      const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
      const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
      return `${base}${path.map((part) => `/${encodeURIComponent(part)}`).join('')}${search}`;
    },
    useRoute(): Route {
      const [route, setRoute] = useState(() => here(base));
      useEffect(() => {
        const moved = () => setRoute(here(base));
        window.addEventListener('popstate', moved);
        window.addEventListener(MOVED, moved);
        return () => {
          window.removeEventListener('popstate', moved);
          window.removeEventListener(MOVED, moved);
        };
      }, []);
      return route;
    },
  };
}

interface LinkProps {
  to: string;
  children: ComponentChildren;
  class?: string;
  'aria-current'?: 'page' | undefined;
  onGo?: () => void;
}

/** A link within the page; with a modifier key it is the browser's own. */
export function Link({ to, children, onGo, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={to}
      onClick={(event) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
        onGo?.();
      }}
    >
      {children}
    </a>
  );
}
