import { AppError } from '@shortstack/errors';
import { validationFailed } from './validation-failed.ts';

/** The columns that a CSV file may have, in any order, and how a cell becomes a value. */
const columnTypes: Record<string, (cell: string) => unknown> = {
  url: asText,
  slug: asText,
  title: asText,
  tags: (cell) => cell.split('|'),
  status: asNumber,
  visibility: asText,
  expiresAt: asText,
  maxClicks: asNumber,
  forwardQuery: (cell) => ({ true: true, false: false })[cell] ?? cell,
};

/** In the order in which an export has them. */
export const importColumns = Object.keys(columnTypes);

/** Reads the first record of a CSV file. @throws AppError `invalid` / `CSV_HEADER_INVALID`. */
export function csvColumns(header: string | null): string[] {
  const columns = csvCells(header ?? '').map((name) => name.trim());
  const isKnown = columns.every((name) => Object.hasOwn(columnTypes, name));
  if (isKnown && columns.includes('url') && new Set(columns).size === columns.length)
    return columns;
  throw new AppError(
    'invalid',
    'CSV_HEADER_INVALID',
    `The first line must name the columns, each once and url among them: ${importColumns.join(', ')}.`,
  );
}

/** Makes the body of a link of one CSV record. Empty cells count as not given. @throws AppError `VALIDATION_FAILED`. */
export function csvRow(columns: readonly string[], text: string): Record<string, unknown> {
  const cells = csvCells(text);
  if (cells.length !== columns.length) {
    throw malformed(`has ${cells.length} cells where the first line has ${columns.length}`);
  }
  const row: Record<string, unknown> = {};
  for (const [i, name] of columns.entries()) {
    const cell = cells[i] ?? '';
    if (cell !== '') row[name] = columnTypes[name]?.(cell);
  }
  return row;
}

/** @see https://www.rfc-editor.org/rfc/rfc4180 */
function csvCells(text: string): string[] {
  if (!text.includes('"')) return text.split(',');
  // Unrolled, so that a bad record costs linear time.
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|$)/y;
  const cells: string[] = [];
  for (;;) {
    const found = cell.exec(text);
    if (found === null) throw malformed('has a quote where none belongs, or lacks one');
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return cells;
  }
}

function malformed(message: string): AppError {
  return validationFailed([{ path: '', message: `the row ${message}` }]);
}

function asText(cell: string): string {
  return cell;
}

function asNumber(cell: string): unknown {
  return /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}
