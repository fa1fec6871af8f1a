import { AppError } from '@shortstack/errors';
import type { RowCheck } from './create-links.ts';
import { csvRow } from './import-row.ts';
import { type FileRecord, maxRecordLength } from './split-records.ts';
import { validationFailed } from './validation-failed.ts';

/**
 * Makes the check of an import's rows: from the text of the file to the body of a link. Passwords are refused: to hash a
 * million takes hours.
 *
 * @param options.parseJson throws AppError for what is no JSON that can be stored.
 */
export function createImportRowCheck(options: {
  columns: readonly string[] | null;
  checkRow: RowCheck;
  parseJson: (text: string) => unknown;
}): RowCheck {
  const { columns, checkRow, parseJson } = options;
  return (record) => {
    const [, text] = record as FileRecord;
    if (text === null) {
      throw new AppError(
        'invalid',
        'ROW_TOO_LONG',
        `The row is longer than ${maxRecordLength} characters.`,
      );
    }
    // What the decoder of the file puts in the place of other bytes.
    if (text.includes('\uFFFD') || text.includes('\0')) {
      throw new AppError('invalid', 'TEXT_INVALID', 'The row is not UTF-8 text.');
    }
    const row = columns === null ? parseJson(text) : csvRow(columns, text);
    if (typeof row === 'object' && row !== null && 'password' in row) {
      throw validationFailed([{ path: '/password', message: 'is not allowed in an import' }]);
    }
    return checkRow(row);
  };
}
