import JSON5 from 'json5';
import { messageOf } from '../core/errors.ts';
import { DrawingError } from './chart-input.ts';
import { fromVersion2 } from './quickchart-v2.ts';

/** Characters of a chart's text. */
const LONGEST = 100_000;
/** Strings and comments, which are kept, and what JavaScript has and JSON5 has not. An open end counts as closed at the end. */
const TOKENS =
  /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\/\/[^\n]*|\/\*.*?(?:\*\/|$)|=>|`|\b(?:function|new|undefined)\b/gs;
/** Stands for `undefined` while the text is read. */
const ABSENT = '\u0000';

/**
 * A chart as QuickChart's users send it: a JavaScript literal (quickchart-js writes one) or an object, for Chart.js 2 or later.
 * It is read as JSON5 and never evaluated; `undefined` counts as absent.
 * @param version `2.9.4`, `3`, `4`…; QuickChart's default is 2
 * @throws DrawingError where it holds a function or cannot be read
 */
export function readQuickChart(chart: unknown, version: string | undefined): unknown {
  const config = typeof chart === 'string' ? literal(chart) : chart;
  return /^[34]/.test(version ?? '2') ? config : fromVersion2(config);
}

function literal(text: string): unknown {
  if (text.length > LONGEST) throw new DrawingError(`the chart is longer than ${LONGEST} characters`);
  const data = text.replace(TOKENS, (token) => {
    if (token === 'undefined') return JSON.stringify(ABSENT);
    if (token === '=>' || token === 'function')
      throw new DrawingError('the chart holds a function: functions are not run here, send values');
    if (token === '`' || token === 'new')
      throw new DrawingError(`the chart holds code (${token}): nothing is run here, send values`);
    return token;
  });
  try {
    return JSON5.parse(data, (_, value) => (value === ABSENT ? undefined : value));
  } catch (error) {
    throw new DrawingError(`the chart is not a JavaScript literal: ${messageOf(error).replace(/^JSON5: /, '')}`);
  }
}
