import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type Canvas = typeof import('@napi-rs/canvas');

/**
 * Noto Sans SC from its npm package: a fresh machine has no Chinese font. Two files per weight hold nearly all that is
 * written; the rest (▲, ①, rare or foreign characters) lies in a hundred small files, which are registered when a text needs one.
 */
const BASE = [
  ['latin', 'Fieldbell Latin'],
  ['chinese-simplified', 'Fieldbell SC'],
] as const;
/** Arrows, marks, boxes: the base has few of them, and a font of the machine's draws them in sizes of its own. */
const SYMBOL = /[\u2100-\u2bff]/;
const PACKAGE = '@fontsource/noto-sans-sc';
const WEIGHTS = [400, 700] as const;
/** A text with more foreign characters than this is not worth reading more files for. */
const MOST_SLICES = 12;

export interface Fonts {
  /** The families, as CSS, in which every character of a text can be drawn that the package has. */
  familiesFor(text: string): string;
}

/** Registers the fonts: once per process, because the canvas keeps them for all. @throws Error where the package is not whole */
export function registerFonts(canvas: Canvas): Fonts {
  const require = createRequire(import.meta.url);
  const slices = slicesOf(require(`${PACKAGE}/unicode.json`) as Record<string, string>);
  const registered = new Set<string>();
  const register = (subset: string, family: string) => {
    if (registered.has(family)) return;
    registered.add(family);
    for (const weight of WEIGHTS) {
      const file = fileURLToPath(import.meta.resolve(`${PACKAGE}/files/noto-sans-sc-${subset}-${weight}-normal.woff2`));
      if (!canvas.GlobalFonts.registerFromPath(file, family)) throw new Error(`the font file ${file} cannot be read`);
    }
  };
  for (const [subset, family] of BASE) register(subset, family);
  const base = BASE.map(([, family]) => `'${family}'`).join(', ');
  const missing = missingIn(canvas, base);
  const sliceOf = new Map<string, string | undefined>();
  return {
    familiesFor(text) {
      const families = new Set<string>();
      for (const character of new Set(text)) {
        if (character < '\u0100') continue;
        if (!sliceOf.has(character)) {
          const wanted = SYMBOL.test(character) || missing(character);
          sliceOf.set(character, wanted ? slices(character) : undefined);
        }
        const subset = sliceOf.get(character);
        if (!subset || families.size >= MOST_SLICES) continue;
        register(subset, `Fieldbell ${subset}`);
        families.add(`'Fieldbell ${subset}'`);
      }
      return [base, ...families, 'sans-serif'].join(', ');
    },
  };
}

/** Finds the file that has a character, by the package's own table of ranges. */
function slicesOf(table: Record<string, string>): (character: string) => string | undefined {
  const ranges = Object.entries(table).flatMap(([name, list]) =>
    list.split(',').map((range) => {
      const [from = '', to = from] = range.slice(2).split('-');
      return { subset: name.replace(/[[\]]/g, ''), from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) };
    }),
  );
  return (character) => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.find(({ from, to }) => from <= code && code <= to)?.subset;
  };
}

/** A font does not say which characters it has; but one that it lacks is drawn as the same box as any other that it lacks. */
function missingIn(canvas: Canvas, families: string): (character: string) => boolean {
  const size = 24;
  const context = canvas.createCanvas(size, size).getContext('2d');
  context.font = `20px ${families}`;
  const pixels = (character: string) => {
    context.clearRect(0, 0, size, size);
    context.fillText(character, 2, 20);
    return Buffer.from(context.getImageData(0, 0, size, size).data);
  };
  const box = pixels('\u{10fffd}');
  return (character) => pixels(character).equals(box);
}
