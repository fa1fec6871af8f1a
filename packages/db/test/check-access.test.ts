import { createDatabase } from '@shortstack/db';
import { createTestDatabase } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';

function check(url: string): Promise<void> {
  const database = createDatabase({ url, applicationName: 'check' });
  onTestFinished(() => database.close());
  return database.checkAccess();
}

test('a login that PostgreSQL refuses, or TLS that it does not speak, is a sentence; one that is away is no error', async () => {
  const url = (await createTestDatabase()).urlFor('create');
  await expect(check(url)).resolves.toBeUndefined();
  await expect(check(url.replace(/:[^:@]+@/, ':wrong@'))).rejects.toMatchObject({
    code: 'DATABASE_REFUSED',
    message: expect.stringMatching(
      /^PostgreSQL refused this service: password authentication failed/,
    ),
  });
  await expect(check(`${url}?sslmode=verify-full`)).rejects.toMatchObject({
    code: 'DATABASE_REFUSED',
    message: 'PostgreSQL does not speak TLS.',
  });
  await expect(check(url.replace(/:\d+\//, ':9/'))).resolves.toBeUndefined();
});
