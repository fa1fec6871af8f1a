/**
 * One string per key: `<format> <version> <asOf> <kind><payload>`, for example
 * `1 7 1763700000000 v{"url":"https://example.com"}`.
 *
 * `asOf`: when the lookup in the system of record began, in milliseconds since 1970: the value was current then.
 * Kinds: `v` a value, `n` does not exist, `f` a floor: changed to at least this version, value unknown, `l` a floor that
 * somebody is loading (see lua/claim-lease.lua).
 *
 * A promise to older and newer code that shares the server: the first two fields keep their place in every format, since the
 * Lua scripts compare versions whatever the format. Code that meets a format or kind that it doesn't know takes it for a floor.
 */
export interface StoredEntry {
  version: number;
  asOfMs: number;
  kind: 'value' | 'absent' | 'floor';
  payload: string;
}

const FORMAT = '1';
const letterOf = { value: 'v', absent: 'n', floor: 'f' } as const;
const pattern = /^(\d+) (\d+) (?:(\d+) ([a-z]))?/;

export function encodeEntry({ version, asOfMs, kind, payload }: StoredEntry): string {
  return `${FORMAT} ${version} ${Math.trunc(asOfMs)} ${letterOf[kind]}${payload}`;
}

/** `undefined`: not an entry of any format. */
export function decodeEntry(text: string): StoredEntry | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [head, format, version, asOfMs, letter] = match;
  const known = format === FORMAT && (letter === 'v' || letter === 'n');
  return {
    version: Number(version),
    asOfMs: Number(asOfMs ?? 0),
    kind: known ? (letter === 'v' ? 'value' : 'absent') : 'floor',
    payload: known ? text.slice(head.length) : '',
  };
}
