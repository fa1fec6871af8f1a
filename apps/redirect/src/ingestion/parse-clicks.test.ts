import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendClick, type RawClick } from '../clicks/click-batch.ts';
import { type ParsedClick, parseClicks } from './parse-clicks.ts';

/** What an HTTP header may hold: anything but control characters that end it. */
const headerText = (maxLength: number) =>
  fc
    .string({ unit: 'binary', maxLength })
    .map((text) => text.replace(/[\n\r\0\ud800-\udfff]/g, ' '));

const anyClick: fc.Arbitrary<RawClick> = fc.record({
  clickedAt: fc.integer({ min: 0, max: 4e12 }),
  linkId: fc.integer({ min: 1, max: 2 ** 40 }),
  requestId: fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/),
  address: fc.ipV4(),
  isPrefetch: fc.boolean(),
  userAgent: headerText(512),
  referrer: headerText(1024),
  country: headerText(4),
});

function parsed(click: RawClick): ParsedClick {
  const { clickedAt, linkId, requestId, address, isPrefetch, userAgent, referrer, country } = click;
  const profile = [isPrefetch ? 1 : 0, userAgent, referrer, country].join('\n');
  return { clickedAt, linkId, requestId, address, profile };
}

test('clicks come out of a payload as they went in', () => {
  fc.assert(
    fc.property(fc.array(anyClick, { minLength: 1, maxLength: 20 }), (clicks) => {
      expect(parseClicks(clicks.reduce(appendClick, ''))).toEqual(clicks.map(parsed));
    }),
  );
});

test('a payload that is cut short anywhere but between clicks is refused', () => {
  fc.assert(
    fc.property(
      fc.array(anyClick, { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (clicks, part) => {
        const payload = clicks.reduce(appendClick, '');
        const ends = clicks.map((_, at) => clicks.slice(0, at + 1).reduce(appendClick, '').length);
        const cut = Math.floor(payload.length * part);
        fc.pre(cut > 0 && !ends.includes(cut));
        expect(() => parseClicks(payload.slice(0, cut))).toThrow(RangeError);
      },
    ),
  );
});

test('over-long user agents and referrers are cut', () => {
  const [click] = parseClicks(
    appendClick('', {
      clickedAt: 1,
      linkId: 1,
      requestId: 'r',
      address: '::1',
      isPrefetch: true,
      userAgent: 'u'.repeat(9_000),
      referrer: 'r'.repeat(9_000),
      country: '',
    }),
  );
  expect(click?.profile).toBe(`1\n${'u'.repeat(512)}\n${'r'.repeat(1024)}\n`);
});
