import { expect, test } from 'vitest';
import { rewrite, traces } from './rewrite.ts';

const from = { name: 'oldname', title: 'Oldname' };
const to = { name: 'acme', title: 'Acme Links' };

test.each([
  ["import { a } from '@oldname/cache';", "import { a } from '@acme/cache';"],
  ['"\\noldname_clicks_total 1\\n"', '"\\nacme_clicks_total 1\\n"'],
  ['__Host-oldname_session', '__Host-acme_session'],
  ['OLDNAME_URL', 'ACME_URL'],
  ['OldnameBot/1.0, createOldnameClient', 'AcmeBot/1.0, createAcmeClient'],
  ["Oldname's pages. # Oldname", "Acme Links's pages. # Acme Links"],
  ["'\\nOldname'", "'\\nAcme Links'"],
  ['"integrity": "sha512-oldname+Oldname/=="', '"integrity": "sha512-oldname+Oldname/=="'],
])('%s', (text, renamed) => {
  expect(rewrite(text, from, to)).toBe(renamed);
});

test('a title of several words is found again', () => {
  const third = { name: 'brief', title: 'Brief' };
  expect(rewrite('Acme Links, acme, AcmeBot, Acme', to, third)).toBe(
    'Brief, brief, BriefBot, Brief',
  );
});

test('a trace is a line that has the name in any case, hashes excepted', () => {
  expect(traces('a\nOldName b\nsha512-oldname=', 'oldname')).toEqual(['OldName b']);
});
