/** One record of a file: the line on which it begins, and its text; null for one that is too long. */
export type FileRecord = [line: number, text: string | null];

/** No link needs more, and so much is kept in memory at once. */
export const maxRecordLength = 65_536;

/**
 * Cuts a text that comes in pieces into records: lines, or with `quotes` what RFC 4180 calls records, in which line breaks
 * between quotes belong to a cell. Blank lines are left out. A record beyond 65,536 characters, as a forgotten quote
 * makes one, is given up: the next line begins a new one. Memory: one record and one piece.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function splitRecords({ quotes }: { quotes: boolean }) {
  const marks = quotes ? /["\n]/g : /\n/g;
  let line = 1;
  let firstLine = 1;
  let record = '';
  let isQuoted = false;
  let isTooLong = false;

  function take(text: string): void {
    if (isTooLong) return;
    record += text;
    if (record.length <= maxRecordLength) return;
    record = '';
    isQuoted = false;
    isTooLong = true;
  }

  function finish(): FileRecord[] {
    const text = record.endsWith('\r') ? record.slice(0, -1) : record;
    const found: FileRecord[] =
      isTooLong || text.trim() !== '' ? [[firstLine, isTooLong ? null : text]] : [];
    firstLine = line;
    record = '';
    isQuoted = false;
    isTooLong = false;
    return found;
  }

  return {
    push(text: string): FileRecord[] {
      const found: FileRecord[] = [];
      let from = 0;
      for (const { 0: mark, index } of text.matchAll(marks)) {
        if (mark === '"') {
          if (!isTooLong) isQuoted = !isQuoted;
          continue;
        }
        take(text.slice(from, index));
        from = index + 1;
        line += 1;
        if (isQuoted) take('\n');
        else found.push(...finish());
      }
      take(text.slice(from));
      return found;
    },
    /** The last record, if no line break ended it. */
    end: finish,
  };
}
