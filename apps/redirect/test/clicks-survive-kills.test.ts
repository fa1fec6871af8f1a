import { expect, test } from 'vitest';
import { flawless } from './audit-clicks.ts';
import { killUnderLoad } from './kill-under-load.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();

// The short form of `clicks.faults.test.ts`.
test('whatever is killed under load, each answered click is counted once', {
  timeout: 120_000,
}, async () => {
  const report = await killUnderLoad(stack, {
    seconds: 4,
    perSecond: 400,
    links: 50,
    killsEach: 2,
    answeredAtLeast: 200,
  });
  expect(report.audit).toEqual(flawless);
  expect(report.kills).toBe(6);
});
