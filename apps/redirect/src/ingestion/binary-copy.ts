/**
 * Fields of PostgreSQL's binary COPY format as strings with a character per byte ("latin1"): to put a row together from parts,
 * most of which were made before, is then a matter of adding strings.
 * @see https://www.postgresql.org/docs/17/sql-copy.html#id-1.9.3.55.9.4 (binary format)
 */

/** Signature, flags and no extension. */
export const binaryHead = `PGCOPY\n\xff\r\n\0${int32(0)}${int32(0)}`;
export const binaryEnd = '\xff\xff';
export const binaryNull = '\xff\xff\xff\xff';

const lengthOf8 = int32(8);
const trueField = `${int32(1)}\x01`;
const falseField = `${int32(1)}\0`;
const beyondAscii = /[^\0-\x7f]/;
/** 2000-01-01, from where PostgreSQL counts. */
const epochMs = 946_684_800_000;

/** The beginning of a row. */
export function binaryRow(fields: number): string {
  return String.fromCharCode(fields >> 8, fields & 255);
}

/** A `bigint`, for safe integers. */
export function binaryInt8(value: number): string {
  return lengthOf8 + int32(Math.floor(value / 2 ** 32)) + int32(value);
}

/** A `bigint` from its 64 bits. */
export function binaryBits(bits: Buffer): string {
  return lengthOf8 + bits.toString('latin1', 0, 8);
}

/** A `timestamptz`, from milliseconds since 1970. */
export function binaryTimestamp(ms: number): string {
  return binaryInt8((ms - epochMs) * 1_000);
}

export function binaryBoolean(value: boolean): string {
  return value ? trueField : falseField;
}

export function binaryText(text: string | null): string {
  if (text === null) return binaryNull;
  const bytes = beyondAscii.test(text) ? Buffer.from(text).toString('latin1') : text;
  return int32(bytes.length) + bytes;
}

/** The lower 32 bits of a number, which may be larger. */
function int32(value: number): string {
  return String.fromCharCode(
    (value >>> 24) & 255,
    (value >>> 16) & 255,
    (value >>> 8) & 255,
    value & 255,
  );
}
