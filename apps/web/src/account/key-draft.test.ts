import { expect, test } from 'vitest';
import { draftKey, keyBody } from './key-draft.ts';

const now = Date.parse('2026-05-10T12:00:00Z');

test('a key expires after the days that were chosen, or never', () => {
  const draft = { ...draftKey(), name: 'CI' };
  expect(keyBody({ ...draft, expiry: '30' }, now)).toEqual({
    name: 'CI',
    scopes: ['links:read', 'links:write'],
    expiresAt: '2026-06-09T12:00:00.000Z',
  });
  expect(keyBody({ ...draft, expiry: 'never' }, now)).not.toHaveProperty('expiresAt');
});
