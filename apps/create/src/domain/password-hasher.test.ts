import { AppError } from '@shortstack/errors';
import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

test('a password is verified against its argon2id hash', async () => {
  const { hash, verify } = createPasswordHasher();
  const stored = await hash('secret');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verify(stored, 'secret')).toBe(true);
  expect(await verify(stored, 'Secret')).toBe(false);
});

test('an unknown account is never right, and costs the same work', async () => {
  const { verify } = createPasswordHasher();
  expect(await verify(null, '')).toBe(false);
  expect(await verify(null, 'secret')).toBe(false);
});

test('past the bound of its queue work is refused at once, and goes on afterwards', async () => {
  const { hash } = createPasswordHasher({ concurrency: 1, maxWaiting: 2 });
  const settled = await Promise.allSettled(Array.from({ length: 5 }, () => hash('secret')));
  expect(settled.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  ]);
  const [refusal] = settled.filter((each) => each.status === 'rejected');
  expect(refusal?.reason).toBeInstanceOf(AppError);
  expect(refusal?.reason).toMatchObject({ kind: 'unavailable', code: 'OVERLOADED' });
  expect(await hash('secret')).toMatch(/^\$argon2id/);
});
