import { AppError } from '@shortstack/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxUrlLength, parseTargetUrl } from './target-url.ts';

const shortOrigin = 'https://sho.rt';
const refused = expect.objectContaining({ kind: 'unprocessable', code: 'URL_NOT_ALLOWED' });

test('the short origin is refused in every spelling', () => {
  for (const url of [
    'https://sho.rt/x',
    'https://SHO.RT',
    'https://sho.rt./x',
    'https://sho.rt:443/x',
    'http://sho.rt/x',
    'http:sho.rt',
    'https:\\\\sho.rt\\x',
    'https://ｓho.rt/x',
    'https://%73ho.rt/x',
  ]) {
    expect(() => parseTargetUrl(url, shortOrigin)).toThrow(refused);
  }
  expect(parseTargetUrl('https://sho.rt:8443/x', shortOrigin)).toBe('https://sho.rt:8443/x');
  expect(parseTargetUrl('https://www.sho.rt/', shortOrigin)).toBe('https://www.sho.rt/');
});

test('whatever is accepted is one line of ASCII without credentials, stable when parsed again', () => {
  const text = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.string({ unit: 'binary' }).map((rest) => `https://example.com/${rest}`),
    fc.tuple(fc.string(), fc.string()).map(([user, host]) => `http://${user}@${host}/`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (given) => {
      const url = acceptedUrl(given);
      fc.pre(url !== null);
      expect(url).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
      expect(url.length).toBeLessThanOrEqual(maxUrlLength);
      expect(new URL(url).username + new URL(url).password).toBe('');
      expect(parseTargetUrl(url, shortOrigin)).toBe(url);
    }),
    { numRuns: 1_000, maxSkipsPerRun: 1_000 },
  );
});

/** The URL as it would be stored; null where it is refused. Any other error passes. */
function acceptedUrl(given: string): string | null {
  try {
    return parseTargetUrl(given, shortOrigin);
  } catch (error) {
    if (error instanceof AppError && error.code === 'URL_NOT_ALLOWED') return null;
    throw error;
  }
}

test('the limit of length counts what is stored', () => {
  const room = maxUrlLength - 'https://example.com/'.length;
  expect(parseTargetUrl(`https://example.com/${'x'.repeat(room)}`, shortOrigin)).toHaveLength(
    maxUrlLength,
  );
  expect(() => parseTargetUrl(`https://example.com/${'x'.repeat(room + 1)}`, shortOrigin)).toThrow(
    refused,
  );
});
