/** Chart.js 2 configurations, which QuickChart's users still write by default, as Chart.js 4 ones: the settings that matter. */

type Fields = Record<string, unknown>;

/** Settings that Chart.js 3 moved below `options.plugins`. */
const PLUGINS = ['title', 'legend', 'datalabels', 'subtitle'];

/** Leaves alone what it does not know; Chart.js ignores it. */
export function fromVersion2(config: unknown): unknown {
  if (!isFields(config)) return config;
  const horizontal = config['type'] === 'horizontalBar';
  const { scales, scale, plugins, ...options } = fields(config['options']);
  const moved = Object.fromEntries(PLUGINS.flatMap((name) => (name in options ? [[name, options[name]]] : [])));
  for (const name of [...PLUGINS, 'tooltips', 'hover', 'animation']) delete options[name];
  const type = horizontal ? 'bar' : config['type'];
  return {
    ...config,
    type,
    data: dataOf(fields(config['data']), type),
    options: {
      ...options,
      ...(horizontal && { indexAxis: 'y' }),
      plugins: { ...mapped(moved, textSettings), ...mapped(fields(plugins), textSettings) },
      ...(isFields(scales) && { scales: scalesOf(scales, horizontal) }),
      ...(isFields(scale) && { scales: { r: axisOf(scale) } }),
    },
  };
}

function dataOf(data: Fields, type: unknown): Fields {
  const { datasets } = data;
  if (!Array.isArray(datasets)) return data;
  return {
    ...data,
    datasets: datasets.map((one: unknown) => {
      const { lineTension, steppedLine, ...dataset } = fields(one);
      const kind = dataset['type'] ?? type;
      // Version 2 filled and rounded lines unless told otherwise.
      const line = kind === 'line' || kind === 'radar';
      return {
        ...(line && { fill: true, tension: typeof lineTension === 'number' ? lineTension : kind === 'line' ? 0.4 : 0 }),
        ...(steppedLine !== undefined && { stepped: steppedLine }),
        ...dataset,
        ...(kind === 'horizontalBar' && { type: 'bar' }),
      };
    }),
  };
}

/** `xAxes` and `yAxes` were lists; now every axis has a name, which the data sets refer to. */
function scalesOf(scales: Fields, horizontal: boolean): Fields {
  const named = (axes: unknown, letter: string) =>
    (Array.isArray(axes) ? axes : []).map((axis: unknown, index) => {
      const { id, ...settings } = fields(axis);
      const name = typeof id === 'string' ? id : index === 0 ? letter : `${letter}${index}`;
      return [name, { axis: letter, ...axisOf(settings) }];
    });
  const { xAxes, yAxes, ...others } = scales;
  const zero = horizontal ? { x: { beginAtZero: true } } : {};
  return { ...zero, ...others, ...Object.fromEntries([...named(xAxes, 'x'), ...named(yAxes, 'y')]) };
}

function axisOf(axis: Fields): Fields {
  const { gridLines, scaleLabel, ticks, ...settings } = axis;
  const { min, max, suggestedMin, suggestedMax, beginAtZero, reverse, ...marks } = fields(ticks);
  const limits = { min, max, suggestedMin, suggestedMax, beginAtZero, reverse };
  const { labelString, ...label } = fields(scaleLabel);
  return {
    ...settings,
    ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
    ...(ticks !== undefined && { ticks: textSettings(marks) }),
    ...(gridLines !== undefined && { grid: gridLines }),
    ...(scaleLabel !== undefined && { title: { text: labelString, ...fields(textSettings(label)) } }),
  };
}

/** `fontSize` and its like became `font.size`; a legend has them in its labels. */
function textSettings(value: unknown): unknown {
  if (!isFields(value)) return value;
  const { fontSize, fontFamily, fontStyle, fontColor, labels, ...settings } = value;
  const bold = fontStyle === 'bold' ? { weight: 'bold' } : fontStyle === 'italic' ? { style: 'italic' } : {};
  const font = {
    ...(fontSize !== undefined && { size: fontSize }),
    ...(fontFamily !== undefined && { family: fontFamily }),
    ...bold,
  };
  return {
    ...settings,
    ...(Object.keys(font).length > 0 && { font: { ...font, ...fields(settings['font']) } }),
    ...(fontColor !== undefined && { color: fontColor }),
    ...(labels !== undefined && { labels: textSettings(labels) }),
  };
}

function mapped(values: Fields, change: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
