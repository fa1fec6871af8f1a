import { expect, test } from 'vitest';
import { appendClick } from '../clicks/click-batch.ts';
import { parseClicks } from '../ingestion/parse-clicks.ts';
import { hideAddresses } from './hide-addresses.ts';

const click = (address: string) => ({
  ...{ clickedAt: 1, linkId: 1, requestId: 'r', isPrefetch: false, userAgent: 'u 1.2.3.4' },
  ...{ referrer: 'https://example.com/', country: 'DE', address },
});
const addresses = ['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7'];
const payload = addresses.map(click).reduce(appendClick, '');

test('of a batch the addresses change and nothing else', () => {
  const hidden = hideAddresses(payload, () => 'someone');
  expect(parseClicks(hidden)).toEqual(
    parseClicks(payload).map((parsed) => ({ ...parsed, address: 'someone' })),
  );
});

test('wherever a batch is cut, and whatever is missing in it, no address is left', () => {
  for (let at = 0; at <= payload.length; at += 1) {
    const parts = [payload.slice(0, at), payload.slice(payload.indexOf('\n', at) + 1)];
    for (const part of parts) {
      expect(hideAddresses(part, () => '-')).not.toMatch(/^(203\.0|2001:|::ffff)/m);
    }
  }
});
