import { expect, test } from 'vitest';
import { createHeadReader } from './head-reader.ts';

const page = new URL('https://example.com/blog/post?id=1');

function read(html: string, at = page) {
  const head = createHeadReader(at);
  const wantsMore = head.write(html);
  return { ...head.result(), wantsMore };
}

test('title, description and icon are read from the head', () => {
  const html = `<!doctype html><html><head><title> A &amp; B\n </title>
    <meta name="Description" content="What it&#39;s about"><link rel="shortcut icon" href="../i.png">`;
  expect(read(html)).toEqual({
    title: 'A & B',
    description: "What it's about",
    faviconUrl: 'https://example.com/i.png',
    wantsMore: true,
  });
});

test('Open Graph stands in for what is missing, and /favicon.ico for the icon', () => {
  const html = `<head><meta property="og:title" content="OG"><meta property="og:description" content="Graph"></head>`;
  expect(read(html)).toEqual({
    title: 'OG',
    description: 'Graph',
    faviconUrl: 'https://example.com/favicon.ico',
    wantsMore: false,
  });
});

test('a page without anything has only the usual icon', () => {
  expect(read('<p>hello')).toMatchObject({ title: null, description: null });
});

test.each([
  '<head><title>first</title><title>second</title></head>',
  '<head><title>first</title></head><body><title>second</title>',
  '<title>first</title><body><svg><title>second</title></svg>',
  '<title>first</title><script>document.write("<title>second</title>")</script>',
])('only the first title counts: %s', (html) => {
  expect(read(html).title).toBe('first');
});

test('what stands in pieces is read as one', () => {
  const head = createHeadReader(page);
  for (const character of '<title>in pieces &eacute;</title><meta name=description content=x>') {
    head.write(character);
  }
  expect(head.result()).toMatchObject({ title: 'in pieces é', description: 'x' });
});

test('texts are cut, and hold neither control characters nor half characters', () => {
  const long = read(`<title>${'x'.repeat(299)}😀${'y'.repeat(9_000)}</title>`).title;
  expect(long).toBe('x'.repeat(299));
  expect(read('<title>a\u0000b\u0007\u2028 c\ud800</title>').title).toBe('a b c\ufffd');
  expect(read(`<meta name=description content="${'d'.repeat(5_000)}">`).description).toHaveLength(
    1_000,
  );
});

test.each(['javascript:alert(1)', 'data:image/png;base64,xx', 'https://u:p@example.com/i', ''])(
  'an icon at %j is not taken over',
  (href) => {
    expect(read(`<link rel=icon href="${href}">`).faviconUrl).toMatch(/^https:\/\/example\.com\//);
    expect(read(`<link rel=icon href="${href}">`).faviconUrl).not.toContain('u:p@');
  },
);

test('an icon is relative to the base of the page', () => {
  const html = '<base href="https://cdn.example.net/x/"><link rel=icon href=i.ico>';
  expect(read(html).faviconUrl).toBe('https://cdn.example.net/x/i.ico');
});
