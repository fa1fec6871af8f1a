import type { Table } from './render-report.ts';

/** A table for the terminal: the first column to the left, the others to the right. */
export function textTable({ title, columns, rows }: Table): string {
  const widths = columns.map((name, at) =>
    [name, ...rows.map((row) => row[at] ?? '')].reduce(
      (most, text) => Math.max(most, text.length),
      0,
    ),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, at) =>
        at === 0 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width),
      )
      .join('   ')
      .trimEnd();
  return [...(title === undefined ? [] : [title]), line(columns), ...rows.map(line)].join('\n');
}
