import { AppError } from '@shortstack/errors';
import { describe, expect, test } from 'vitest';
import { serializeError } from './serialize-error.ts';

const secret = 'ada@example.com';

test('the chain of causes is kept, with codes and kinds', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', port: 5432 });
  const error = new AppError('unavailable', 'DB_AWAY', 'Try again.', { cause: refused });
  expect(serializeError(error)).toMatchObject({
    type: 'AppError',
    kind: 'unavailable',
    code: 'DB_AWAY',
    message: 'Try again.',
    stack: expect.stringContaining('serialize-error.test.ts'),
    cause: { message: 'refused', code: 'ECONNREFUSED', port: 5432 },
  });
});

describe('what drivers attach to their errors is left out', () => {
  const withFields = (message: string, fields: object) => Object.assign(new Error(message), fields);

  test.each([
    [
      'the row of a PostgreSQL constraint',
      withFields('duplicate key value violates unique constraint "users_email_key"', {
        code: '23505',
        constraint: 'users_email_key',
        detail: `Key (email)=(${secret}) already exists.`,
        where: secret,
        parameters: [secret],
      }),
    ],
    [
      'a value that PostgreSQL could not read',
      withFields(`invalid input syntax for type uuid: "${secret}"`, { code: '22P02' }),
    ],
    [
      'the parameters of a failed Drizzle query',
      withFields(`Failed query: insert into users values ($1)\nparams: ${secret},1`, {
        params: [secret],
      }),
    ],
    [
      'the arguments of a Redis command',
      withFields('WRONGTYPE Operation', { command: { name: 'set', args: ['k', secret] } }),
    ],
    [
      'the arguments of an unknown Redis command',
      withFields(`ERR unknown command 'FOO', with args beginning with: '${secret}'`, {}),
    ],
  ])('%s', (_name, error) => {
    for (const each of [error, new Error('outer', { cause: error })]) {
      expect(JSON.stringify(serializeError(each))).not.toContain(secret);
    }
  });

  test('but not what helps: codes, constraint names, command names, frames', () => {
    const error = withFields('duplicate key', { code: '23505', constraint: 'users_email_key' });
    expect(serializeError(error)).toMatchObject({ code: '23505', constraint: 'users_email_key' });
    const failed = withFields('ERR', { command: { name: 'set', args: [] } });
    expect(serializeError(failed)).toMatchObject({ command: 'set' });
    const query = serializeError(new Error('Failed query: select 1\nparams: 5'));
    expect(query.stack).toContain('serialize-error.test.ts');
  });
});

test('anything may be thrown, and endless chains end', () => {
  expect(serializeError('text')).toEqual({ type: 'NonError', message: 'text' });
  expect(serializeError({ password: secret })).toEqual({
    type: 'NonError',
    message: 'thrown object',
  });
  const circle = new Error('circle');
  circle.cause = circle;
  expect(JSON.stringify(serializeError(circle)).match(/"type"/g)).toHaveLength(6);
  const errors = Array.from({ length: 100 }, (_, index) => new Error(`${index}`));
  expect(serializeError(new AggregateError(errors)).errors).toHaveLength(5);
});
