import { type DiffLine, lineDiff } from './lineDiff.ts';

/** Two texts, line by line: what went, what came, what stayed. */
export function LineDiff({ before, after }: { before: string; after: string }) {
  return (
    <div class="line-diff mono">
      {lineDiff(before, after).map((line, at) => (
        <LineOf key={at} {...line} />
      ))}
    </div>
  );
}

function LineOf({ kind, text }: DiffLine) {
  if (kind === 'gone') return <del>{text || ' '}</del>;
  if (kind === 'new') return <ins>{text || ' '}</ins>;
  return <span>{text || ' '}</span>;
}
