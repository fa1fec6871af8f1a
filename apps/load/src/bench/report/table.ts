import { type Figure, type Target, verdictOf } from '../figure.ts';

const columns = ['row', 'figure', 'unit', 'baseline', 'ratio', 'target', ''] as const;

/** The result as a table of text. */
export function renderTable(figures: readonly Figure[]): string {
  const cells = [columns, ...figures.map(cellsOf)];
  const widths = columns.map((_, index) =>
    Math.max(...cells.map((row) => (row[index] ?? '').length)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, index) =>
        [1, 3, 4].includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}

/** One line: name, figure, unit, baseline, ratio, target, verdict. */
export function cellsOf(figure: Figure): string[] {
  return [
    figure.name,
    shown(figure.value),
    figure.unit,
    shown(figure.baseline),
    figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
    targetText(figure.target),
    verdictOf(figure),
  ];
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
