import type { Json, JsonObject } from './chart-style.ts';

/** A configuration, a size or a format that cannot be drawn; the message says why, to whoever sent it. */
export class DrawingError extends Error {
  override readonly name = 'DrawingError';
}

/** Bounds on what outsiders may ask to be drawn; a chart of ours uses a twentieth. */
const MOST = { nodes: 20_000, depth: 24, text: 2_000, datasets: 50, points: 4_000, ticks: 200 } as const;

const TYPES = ['bar', 'line', 'pie', 'doughnut', 'radar', 'polarArea', 'scatter', 'bubble'];
/** Names with which plain data could reach into objects' insides. */
const UNSAFE = new Set(['__proto__', 'prototype', 'constructor']);
/** Settings that make Chart.js loop as often as they say. */
const COUNTS = new Set(['count', 'maxTicksLimit', 'samples', 'sampleSize']);

/**
 * A configuration as plain data that Chart.js can be given: copied, bounded, without functions, animation or events.
 * @throws DrawingError naming what is wrong
 */
export function checkedConfig(config: unknown): JsonObject {
  const copy = new Copier().object(config, 'the chart');
  const type = copy['type'];
  if (typeof type !== 'string' || !TYPES.includes(type)) {
    throw new DrawingError(`type must be one of ${TYPES.join(', ')}, not ${JSON.stringify(type) ?? 'missing'}`);
  }
  const data = asObject(copy['data'], 'data');
  const datasets = data['datasets'];
  if (!Array.isArray(datasets)) throw new DrawingError('data.datasets must be a list');
  if (datasets.length > MOST.datasets) throw new DrawingError(`at most ${MOST.datasets} datasets are drawn`);
  let points = 0;
  for (const [index, dataset] of datasets.entries()) {
    const { type: kind = type, data: values = [] } = asObject(dataset, `data.datasets[${index}]`);
    if (typeof kind !== 'string' || !TYPES.includes(kind))
      throw new DrawingError(`data.datasets[${index}].type is unknown`);
    if (!Array.isArray(values)) throw new DrawingError(`data.datasets[${index}].data must be a list`);
    points += values.length;
  }
  if (points > MOST.points) throw new DrawingError(`at most ${MOST.points} points are drawn, not ${points}`);
  const { animations, transitions, ...options } = asObject(copy['options'] ?? {}, 'options');
  for (const [name, scale] of Object.entries(asObject(options['scales'] ?? {}, 'options.scales'))) {
    const kind = asObject(scale, `options.scales.${name}`)['type'];
    if (kind === 'time' || kind === 'timeseries') {
      throw new DrawingError(
        `options.scales.${name} is a time axis, which is not drawn here: send the times as labels`,
      );
    }
  }
  return { type, data, options: { ...options, responsive: false, animation: false, events: [] } };
}

/** All words of a configuration, to find fonts for them. */
export function textsOf(config: Json): string {
  if (typeof config === 'string') return config;
  if (config === null || typeof config !== 'object') return '';
  return Object.values(config).map(textsOf).join('');
}

/** Puts the families at hand behind, or in place of, those that a configuration names: a fresh machine has none of them. */
export function withFamilies<T extends Json>(config: T, families: string): T {
  if (Array.isArray(config)) return config.map((one) => withFamilies(one, families)) as T;
  if (config === null || typeof config !== 'object') return config;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      key === 'family' && typeof value === 'string' ? joined(value, families) : withFamilies(value, families),
    ]),
  ) as T;
}

function joined(named: string, families: string): string {
  return named.includes('Noto Sans SC') ? families : `${named.replace(/[^\p{L}\p{N}\s,_-]/gu, '')}, ${families}`;
}

function asObject(value: Json | undefined, where: string): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new DrawingError(`${where} must be an object`);
  }
  return value;
}

class Copier {
  #nodes = 0;

  object(value: unknown, where: string): JsonObject {
    const copy = this.#copy(value, where, 0);
    return asObject(copy, where);
  }

  #copy(value: unknown, where: string, depth: number): Json {
    if (++this.#nodes > MOST.nodes) throw new DrawingError(`the chart has more than ${MOST.nodes} values`);
    if (depth > MOST.depth) throw new DrawingError(`the chart is nested more than ${MOST.depth} deep`);
    if (typeof value === 'function') {
      throw new DrawingError(`${where} is a function: functions are not run here, send values`);
    }
    if (typeof value === 'string') {
      if (value.length > MOST.text) throw new DrawingError(`${where} is longer than ${MOST.text} characters`);
      return value;
    }
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    if (typeof value === 'boolean') return value;
    if (Array.isArray(value)) return value.map((one, index) => this.#copy(one, `${where}[${index}]`, depth + 1));
    if (value === null || typeof value !== 'object') return null;
    const copy: JsonObject = {};
    for (const [key, one] of Object.entries(value)) {
      if (UNSAFE.has(key)) throw new DrawingError(`${where} has a field named ${key}, which is not allowed`);
      if (one === undefined) continue;
      const inner = this.#copy(one, depth === 0 ? key : `${where}.${key}`, depth + 1);
      copy[key] = COUNTS.has(key) && typeof inner === 'number' ? Math.min(MOST.ticks, inner) : inner;
    }
    return copy;
  }
}
