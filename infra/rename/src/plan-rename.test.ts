import { expect, test } from 'vitest';
import { planRename } from './plan-rename.ts';

const from = { name: 'oldname', title: 'Oldname' };
const acme = { name: 'acme', title: 'Acme Links' };
const files = (contents: Record<string, string>) =>
  Object.entries(contents).map(([path, text]) => ({ path, content: Buffer.from(text) }));
const plan = (contents: Record<string, string>, to = acme) => planRename(files(contents), from, to);

test('contents and file names change, and what has no name in it is left alone', () => {
  expect(plan({ 'a/oldname-1.md': '# Oldname\noldname', 'b.md': 'nothing' })).toEqual([
    { path: 'a/oldname-1.md', newPath: 'a/acme-1.md', text: '# Acme Links\nacme', lines: 2 },
  ]);
});

test('dependencies stand in the order that npm gives them', () => {
  const manifest = { name: '@oldname/a', dependencies: { '@b/b': '1', '@oldname/c': '*', d: '1' } };
  const [changed] = plan({ 'package.json': JSON.stringify(manifest) });
  expect(Object.keys(JSON.parse(changed?.text ?? '').dependencies)).toEqual([
    '@acme/c',
    '@b/b',
    'd',
  ]);
});

test.each(['Acme', 'acme_links', 'acme-links', '@acme', '1acme', 'ab', 'a'.repeat(21), ''])(
  'the name "%s" is refused with the rule',
  (name) => {
    expect(() => plan({}, { name, title: 'Acme Links' })).toThrow(/3 to 20 .*lower-case letters/);
  },
);

test.each(["Acme's", 'acme', 'Acme & Co', 'Acme  Links', 'Acme <b>', 'A'.repeat(25), ''])(
  'the title "%s" is refused with the rule',
  (title) => {
    expect(() => plan({}, { name: 'acme', title })).toThrow(/at most 24 .*capital/);
  },
);

test('the present name is refused, and one that contains it', () => {
  expect(() => plan({}, from)).toThrow('called oldname (“Oldname”) already');
  expect(() => plan({}, { name: 'oldname2', title: 'Other' })).toThrow('must not contain');
});

test('what means something else already is refused, with the place', () => {
  expect(() => plan({ 'dns.ts': 'const acmeChallenge = 1' })).toThrow(/1 files already \(dns.ts\)/);
  expect(() => plan({ 'README.md': 'Acme Links are fine' })).toThrow('README.md');
  expect(plan({ 'README.md': '`npm run rename -- acme "Acme Links"`' })).toEqual([]);
});

test('a name that would be left is refused before anything is changed', () => {
  expect(() => plan({ 'a.md': 'OldName' })).toThrow(/odd capitals.*a\.md/);
  expect(() => plan({ 'logo.png': '\0oldname' })).toThrow(/binary file.*logo\.png/);
});
