import { expect, test } from 'vitest';
import { decodeEntry, encodeEntry } from './entry-format.ts';

test.for([
  [
    { version: 7, asOfMs: 1_763_700_000_000.5, kind: 'value', payload: 'a b\n1 2' },
    '1 7 1763700000000 va b\n1 2',
  ],
  [{ version: 1, asOfMs: 5, kind: 'value', payload: '' }, '1 1 5 v'],
  [{ version: 3, asOfMs: 5, kind: 'absent', payload: '' }, '1 3 5 n'],
  [{ version: 9, asOfMs: 5, kind: 'floor', payload: '' }, '1 9 5 f'],
] as const)('%j is written as %j and read again', ([entry, text]) => {
  expect(encodeEntry(entry)).toBe(text);
  expect(decodeEntry(text)).toEqual({ ...entry, asOfMs: Math.trunc(entry.asOfMs) });
});

test.for([
  ['a lease', '1 4 0 l1763700000000'],
  ['a kind to come', '1 4 5 zsomething'],
  ['a format to come', '2 4 {"anything":"else"}'],
  ['a format to come that looks like ours', '2 4 5 vvalue'],
])('%s is a floor of its version', ([, text]) => {
  expect(decodeEntry(text ?? '')).toMatchObject({ version: 4, kind: 'floor', payload: '' });
});

test.for(['', 'garbage', '1', '{"version":1}'])('%j is no entry', (text) => {
  expect(decodeEntry(text)).toBeUndefined();
});
