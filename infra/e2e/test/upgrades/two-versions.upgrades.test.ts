import { findPreviousVersion } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { thisCheckout } from '../../src/service-process.ts';
import { testTwoVersions } from '../../src/upgrades/test-two-versions.ts';

const previous = await findPreviousVersion(thisCheckout);

test.skipIf('missing' in previous)('there is a version before', () => {
  expect(previous).toHaveProperty('commit');
});

if ('missing' in previous) {
  console.log(`The version before was NOT tried beside this one: ${previous.missing}.`);
} else {
  await testTwoVersions(previous);
}
