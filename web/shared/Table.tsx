import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ColumnJson } from '../api.ts';
import { textWidth } from './textWidth.ts';

/** A column with a text wider than this, in half characters, is prose, whose lines may break. */
const PROSE = 24;

/** A table of text. Figures stand right-aligned under each other; a wide table scrolls within its own width. */
export function Table({ columns, rows, label }: { columns: ColumnJson[]; rows: string[][]; label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(false);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth + 1));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const kinds = columns.map(({ align }, at) =>
    align === 'left' && rows.some((row) => textWidth(row[at] ?? '') > PROSE) ? 'left prose' : align,
  );
  return (
    // A region that scrolls has to be reachable by keyboard; one that does not would be a stop for nothing.
    <div ref={frame} class="table" {...(wide ? { tabIndex: 0, role: 'region', 'aria-label': label } : {})}>
      <table>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={column.label} scope="col" class={kinds[at]}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column, cell) => (
                <td key={column.label} class={kinds[cell]}>
                  {row[cell] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
