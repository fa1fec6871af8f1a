import type { Table } from '../../report/render-report.ts';
import { type Figure, type Target, verdictOf } from '../figure.ts';

/** The result as a table. */
export function figureTable(figures: readonly Figure[]): Table {
  return {
    columns: ['row', 'figure', 'unit', 'baseline', 'ratio', 'target', 'verdict'],
    rows: figures.map((figure) => [
      figure.name,
      shown(figure.value),
      figure.unit,
      shown(figure.baseline),
      figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
      targetText(figure.target),
      verdictOf(figure),
    ]),
  };
}

/** What is to be said of figures besides: why one can't be had, how far the rounds lie apart. */
export function remarksOn(figures: readonly Figure[]): string[] {
  return figures.flatMap(({ name, note, notMeasurable, ratios = [] }) => {
    const remarks = [
      ...(notMeasurable === undefined ? [] : [notMeasurable]),
      ...(ratios.length < 2 ? [] : [`ratio of the rounds ${spread(ratios)}`]),
      ...(note === undefined ? [] : [note]),
    ];
    return remarks.length === 0 ? [] : [`${name}: ${remarks.join('; ')}`];
  });
}

function spread(ratios: readonly number[]): string {
  return `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
}

function targetText(target: Target | undefined): string {
  if (target === undefined) return '';
  if (target.shown !== undefined) return target.shown;
  const sign = target.bound === 'at least' ? '≥' : '≤';
  return `${sign} ${target.of === 'ratio' ? `${target.limit.toFixed(2)} ×` : shown(target.limit)}`;
}

function shown(figure: number | undefined): string {
  if (figure === undefined) return '';
  return figure.toLocaleString('en', { maximumFractionDigits: figure < 100 ? 2 : 0 });
}
