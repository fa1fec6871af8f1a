import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const tokens = read('tokens.css');

const grounds = ['ground', 'surface', 'raised', 'sunken'];
/** What stands on what, and its least contrast by WCAG 2.2 AA. */
const pairs: [foreground: string, background: string, least: number][] = [
  ...grounds.flatMap((ground): typeof pairs => [
    ['text', ground, 4.5],
    ['text-soft', ground, 4.5],
    ['accent', ground, 4.5],
    ['bad', ground, 4.5],
    ['good', ground, 4.5],
    ['warn', ground, 4.5],
    ['line-strong', ground, 3],
  ]),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-strong', 4.5],
  ['on-bad', 'bad', 4.5],
  ['text', 'accent-soft', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['good', 'good-soft', 4.5],
  ['warn', 'warn-soft', 4.5],
  ['bad', 'bad-soft', 4.5],
];

test.each(['light', 'dark'] as const)('the colours have enough contrast in %s', (theme) => {
  const low = pairs
    .map(([foreground, background, least]) => {
      const [a, b] = [luminance(foreground, theme), luminance(background, theme)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return { foreground, background, ratio, least };
    })
    .filter(({ ratio, least }) => ratio < least);
  expect(low).toEqual([]);
});

test('both sheets together stay below 6 KiB', () => {
  expect(Buffer.byteLength(tokens + read('page.css'))).toBeLessThan(6 * 1024);
});

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(token: string, theme: 'light' | 'dark'): number {
  const found = new RegExp(`--${token}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens);
  const hex = found?.[theme === 'light' ? 1 : 2];
  if (hex === undefined) throw new Error(`tokens.css has no colour --${token}`);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
