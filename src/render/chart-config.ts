import type { Chart } from '../core/message.ts';
import { columnsConfig } from './chart-columns.ts';
import { heatmapConfig } from './chart-heatmap.ts';
import { rankingConfig, rankingHeight } from './chart-ranking.ts';
import { type ChartJsConfig, SIZE } from './chart-style.ts';
import { clean } from './chart-text.ts';

export type { ChartJsConfig } from './chart-style.ts';

/**
 * A chart as a Chart.js 4 configuration made for a picture that is read on a phone: the answer as its title, values and
 * names written at the data, gaps left open. Pure JSON, to be drawn at `chartSize` with a device pixel ratio of 1.
 */
export function chartConfig(chart: Chart): ChartJsConfig {
  const tidy = tidied(chart);
  if (tidy.shape === 'heatmap') return heatmapConfig(tidy);
  return tidy.shape === 'ranking' ? rankingConfig(tidy) : columnsConfig(tidy);
}

/** The size of a chart's picture in pixels. Only a long ranking is higher than 16:9. */
export function chartSize(chart: Chart): { width: number; height: number } {
  return { width: SIZE.width, height: chart.shape === 'ranking' ? rankingHeight(chart) : SIZE.height };
}

function tidied(chart: Chart): Chart {
  return {
    ...chart,
    title: clean(chart.title),
    footnote: clean(chart.footnote),
    unit: clean(chart.unit),
    rightUnit: clean(chart.rightUnit),
    labels: chart.labels.map(clean),
    series: chart.series.map((series) => ({
      ...series,
      name: clean(series.name),
      unit: clean(series.unit),
      ...(series.texts && { texts: series.texts.map(clean) }),
      values: chart.labels.map((_, index) => rounded(series.values[index] ?? null)),
    })),
  };
}

/** Six decimals are more than anybody sees; -0 becomes 0. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(6)) + 0;
}
