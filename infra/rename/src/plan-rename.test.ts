import { expect, test } from 'vitest';
import { planRename } from './plan-rename.ts';

const from = { name: 'oldname', title: 'Oldname' };
const other = { name: 'other', title: 'Other Links' };
const files = (contents: Record<string, string>) =>
  Object.entries(contents).map(([path, text]) => ({ path, content: Buffer.from(text) }));
const plan = (contents: Record<string, string>, to = other) =>
  planRename(files(contents), from, to);

test('contents and file names change, and what has no name in it is left alone', () => {
  expect(plan({ 'a/oldname-1.md': '# Oldname\noldname', 'b.md': 'nothing' })).toEqual([
    { path: 'a/oldname-1.md', newPath: 'a/other-1.md', text: '# Other Links\nother', lines: 2 },
  ]);
});

test('a title that differs from the name changes where it stands alone, too', () => {
  const once = { name: 'lnk', title: 'Brief Links' };
  expect(planRename(files({ 'a.md': 'Brief Links' }), once, other)).toMatchObject([
    { path: 'a.md', text: 'Other Links' },
  ]);
});

test('dependencies stand in the order that npm gives them', () => {
  const manifest = { name: '@oldname/a', dependencies: { '@p/b': '1', '@oldname/c': '*', d: '1' } };
  const [changed] = plan({ 'package.json': JSON.stringify(manifest) });
  expect(Object.keys(JSON.parse(changed?.text ?? '').dependencies)).toEqual([
    '@other/c',
    '@p/b',
    'd',
  ]);
});

test.each(['Other', 'other_links', 'other-links', '@other', '1other', 'ab', 'a'.repeat(21), ''])(
  'the name "%s" is refused with the rule',
  (name) => {
    expect(() => plan({}, { name, title: 'Other Links' })).toThrow(/3 to 20 .*lower-case letters/);
  },
);

test.each(["Other's", 'other', 'Other & Co', 'Other  Links', 'Other <b>', 'A'.repeat(25), ''])(
  'the title "%s" is refused with the rule',
  (title) => {
    expect(() => plan({}, { name: 'other', title })).toThrow(/at most 24 .*capital/);
  },
);

test('the present name is refused, and one that contains it', () => {
  expect(() => plan({}, from)).toThrow('called oldname (“Oldname”) already');
  expect(() => plan({}, { name: 'oldname2', title: 'Second' })).toThrow('must not contain');
});

test('what means something else already is refused, with the place', () => {
  expect(() => plan({ 'dns.ts': 'const otherChallenge = 1' })).toThrow(
    /1 files already \(dns.ts\)/,
  );
  expect(() => plan({ 'README.md': 'Other Links are fine' })).toThrow('README.md');
  expect(plan({ 'README.md': '`npm run rename -- other "Other Links"`' })).toEqual([]);
});

test('a name that would be left is refused before anything is changed', () => {
  expect(() => plan({ 'a.md': 'OldName' })).toThrow(/odd capitals.*a\.md/);
  expect(() => plan({ 'logo.png': '\0oldname' })).toThrow(/binary file.*logo\.png/);
});
