import type { Link } from '@shortstack/contracts';
import { importColumns } from './import-row.ts';

export type ExportFormat = 'csv' | 'json';

/**
 * Writes links as they come, page by page: CSV as an import reads it, or one JSON array. Rules and passwords are not in
 * the CSV.
 */
export async function* exportLinks(
  pages: AsyncIterable<readonly Link[]>,
  format: ExportFormat,
): AsyncGenerator<string> {
  let isFirst = true;
  yield format === 'csv' ? `${importColumns.join(',')}\r\n` : '[';
  for await (const page of pages) {
    let text = '';
    for (const link of page) {
      text += format === 'csv' ? csvLine(link) : `${isFirst ? '' : ','}\n${JSON.stringify(link)}`;
      isFirst = false;
    }
    if (text !== '') yield text;
  }
  if (format === 'json') yield '\n]\n';
}

/** @see https://www.rfc-editor.org/rfc/rfc4180 */
function csvLine(link: Link): string {
  const cells: Record<string, unknown> = { ...link, tags: link.tags.join('|') };
  return `${importColumns.map((name) => csvCell(cells[name])).join(',')}\r\n`;
}

function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
