import { expect, test } from 'vitest';
import { rewrite, traces } from './rewrite.ts';

const from = { name: 'oldname', title: 'Oldname' };
const to = { name: 'other', title: 'Other Links' };

test.each([
  ["import { a } from '@oldname/cache';", "import { a } from '@other/cache';"],
  ['"\\noldname_clicks_total 1\\n"', '"\\nother_clicks_total 1\\n"'],
  ['__Host-oldname_session', '__Host-other_session'],
  ['OLDNAME_URL', 'OTHER_URL'],
  ['OldnameBot/1.0, createOldnameClient', 'OtherBot/1.0, createOtherClient'],
  ["Oldname's pages. # Oldname", "Other Links's pages. # Other Links"],
  ["'\\nOldname'", "'\\nOther Links'"],
  ['"integrity": "sha512-oldname+Oldname/=="', '"integrity": "sha512-oldname+Oldname/=="'],
])('%s', (text, renamed) => {
  expect(rewrite(text, from, to)).toBe(renamed);
});

test('a title of several words is found again', () => {
  const third = { name: 'brief', title: 'Brief' };
  expect(rewrite('Other Links, other, OtherBot, Other', to, third)).toBe(
    'Brief, brief, BriefBot, Brief',
  );
});

test('a trace is a line that has the name in any case, hashes excepted', () => {
  expect(traces('a\nOldName b\nsha512-oldname=', 'oldname')).toEqual(['OldName b']);
});
