import { describe, expect, test } from 'vitest';
import { createLogger, type LoggerOptions } from './index.ts';

function start(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({
    service: 'create',
    instanceId: 'create-1',
    destination,
    ...options,
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

test('an entry is one line of JSON with ISO time, level, service and instance', () => {
  const { logger, last } = start();
  logger.info({ slug: 'abc' }, 'link created');
  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'create',
    instance: 'create-1',
    slug: 'abc',
    msg: 'link created',
  });
});

test('entries below the level are left out', () => {
  const { logger, lines } = start({ level: 'warn' });
  logger.info('quiet');
  expect(lines).toEqual([]);
});

describe('no secret is written', () => {
  test.each([
    ['a password', { password: 'hunter2' }],
    ['a token one level down', { user: { token: 'hunter2' } }],
    ['headers two levels down', { req: { headers: { authorization: 'hunter2' } } }],
    ['cookies', { headers: { cookie: 'hunter2', 'set-cookie': ['hunter2'] } }],
    ['an API key', { apiKey: 'hunter2', key: 'hunter2' }],
    ['the password of a URL in a field', { url: 'redis://app:hunter2@localhost:6379' }],
    ['a URL without a user', { url: 'redis://:hunter2@localhost' }],
    ['a URL whose password holds an @', { list: ['postgres://app:hunt@hunter2@db/x'] }],
    ['an error with a URL', { err: new Error('connect redis://app:hunter2@db failed') }],
    ['a cause with a URL', { err: new Error('x', { cause: new Error('http://a:hunter2@b') }) }],
  ])('%s', (_name, entry) => {
    const { logger, lines } = start();
    logger.info(entry, 'something');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('hunter2');
    expect(lines[0]).toContain('[redacted]');
  });

  test('not in the message of an entry either', () => {
    const { logger, lines } = start();
    logger.info('connecting to redis://app:hunter2@localhost/0 and http://localhost:3000/@me');
    expect(lines[0]).toContain('redis://app:[redacted]@localhost/0 and http://localhost:3000/@me');
  });
});

test('for a terminal an entry is one readable line, and an error shows its stack and causes', () => {
  const { logger, lines } = start({ pretty: true });
  logger.warn({ attempt: 2 }, 'trying again');
  expect(lines[0]).toMatch(/^[\d:.]{12} WARN {2}create trying again \{"attempt":2\}\n$/);
  logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  expect(lines[1]).toMatch(/failed\nError: outer\n\s+at [\s\S]*\ncaused by Error: inner\n/);
});
