import { findPreviousVersion } from '@shortstack/testing';
import { test } from 'vitest';
import { thisCheckout } from '../../src/service-process.ts';
import { testTwoVersions } from '../../src/upgrades/test-two-versions.ts';

const previous = await findPreviousVersion(thisCheckout);
if ('missing' in previous) {
  console.log(`The version before was NOT tried beside this one: ${previous.missing}.`);
  test.skip('the version before beside this one', () => {});
} else {
  await testTwoVersions(previous);
}
