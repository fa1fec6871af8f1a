import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitRecords } from './split-records.ts';

function split(pieces: readonly string[], quotes: boolean) {
  const splitter = splitRecords({ quotes });
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}

test('lines are records with their numbers, whatever their line breaks, and blank ones are none', () => {
  expect(split(['a\r\nb\n\n  \nc'], false)).toEqual([
    [1, 'a'],
    [2, 'b'],
    [5, 'c'],
  ]);
});

test('a line break between quotes belongs to the record, whose line is its first', () => {
  expect(split(['a,"b\nc ""d"""\ne'], true)).toEqual([
    [1, 'a,"b\nc ""d"""'],
    [3, 'e'],
  ]);
});

test('a record that is too long is given up and takes no other with it', () => {
  const long = `"${'x\n'.repeat(40_000)}`;
  const found = split([`a\n${long}`, 'b\nc\n'], true);
  expect(found[0]).toEqual([1, 'a']);
  expect(found[1]).toEqual([2, null]);
  expect(found.at(-1)).toEqual([40_003, 'c']);
});

test('where the pieces are cut makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', '"', '\n', ',', '\r') })),
      fc.boolean(),
      (pieces, quotes) => {
        expect(split(pieces, quotes)).toEqual(split([pieces.join('')], quotes));
      },
    ),
  );
});
