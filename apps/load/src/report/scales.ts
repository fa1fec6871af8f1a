export type ScaleKind = 'linear' | 'log' | 'nines';

interface Tick {
  value: number;
  label: string;
}

export interface Scale {
  /** From 0 to 1. */
  place(value: number): number;
  ticks: Tick[];
}

/** Of what range of values a plot shows where. `nines` is for percentiles: 90, 99, 99.9 are equally far apart. */
export function createScale(kind: ScaleKind, values: readonly number[]): Scale {
  if (kind === 'nines') return ninesScale(values);
  if (kind === 'log') return logScale(values.filter((value) => value > 0));
  return linearScale(values);
}

function linearScale(values: readonly number[]): Scale {
  const high = values.reduce((most, value) => Math.max(most, value), 0) || 1;
  const step = niceStep(high / 5);
  const top = Math.ceil(high / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step);
  return { place: (value) => value / top, ticks: ticks.map(labelled) };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((times) => times * power >= least * 0.999) ?? 10);
}

function logScale(values: readonly number[]): Scale {
  const low = Math.floor(Math.log10(values.reduce((least, value) => Math.min(least, value), 1e9)));
  const high = Math.ceil(Math.log10(values.reduce((most, value) => Math.max(most, value), 1e-9)));
  const [from, to] = low < high ? [low, high] : [0, 1];
  const ticks = Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
  return {
    place: (value) => Math.max(0, (Math.log10(value) - from) / (to - from)),
    ticks: ticks.map(labelled),
  };
}

function ninesScale(values: readonly number[]): Scale {
  const nines = (percentile: number) => -Math.log10(1 - percentile / 100);
  const most = values.reduce((high, value) => Math.max(high, nines(value)), 1);
  const ticks = [0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999, 99.99999];
  return {
    place: (value) => nines(value) / most,
    ticks: ticks
      .filter((tick) => nines(tick) <= most + 1e-6)
      .map((tick) => ({ value: tick, label: `${tick} %` })),
  };
}

function labelled(value: number): Tick {
  return {
    value,
    label: Number(value.toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 4 }),
  };
}
