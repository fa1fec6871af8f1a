import { validationFailed } from './validation-failed.ts';

/** Where a page of a list ended: the sort it belongs to and the last row's keys. */
export interface ListCursor {
  sort: string;
  keys: (string | number)[];
}

/** An opaque text for `?cursor=`. */
export function encodeCursor({ sort, keys }: ListCursor): string {
  return Buffer.from(JSON.stringify([sort, ...keys])).toString('base64url');
}

/**
 * Reads a cursor of ours. Whoever makes one up may only see other rows of their own list.
 * @throws AppError `VALIDATION_FAILED` for what is no cursor of this sort with keys of these types.
 */
export function decodeCursor(
  text: string,
  sort: string,
  types: readonly ('integer' | 'string')[],
): ListCursor {
  const parts = parse(text);
  const [ofSort, ...keys] = parts;
  const fits =
    ofSort === sort && keys.length === types.length && keys.every((key, i) => is(key, types[i]));
  if (!fits) {
    throw validationFailed([{ path: '/cursor', message: 'must be a nextCursor of the same list' }]);
  }
  return { sort, keys: keys as (string | number)[] };
}

function is(key: unknown, type: 'integer' | 'string' | undefined): boolean {
  return type === 'integer' ? Number.isSafeInteger(key) : typeof key === 'string';
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
