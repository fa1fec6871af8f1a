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
  const cells = new Map<string, string | number | boolean | null>([
    ['url', link.url],
    ['slug', link.slug],
    ['title', link.title],
    ['tags', link.tags.join('|')],
    ['status', link.status],
    ['visibility', link.visibility],
    ['expiresAt', link.expiresAt],
    ['maxClicks', link.maxClicks],
    ['forwardQuery', link.forwardQuery],
  ]);
  return `${importColumns.map((name) => csvCell(cells.get(name) ?? '')).join(',')}\r\n`;
}

function csvCell(value: string | number | boolean): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
