import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@shortstack/errors';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { type ConfigOf, defineConfig, loadConfig, redisUrl, setting } from './index.ts';

const schema = defineConfig({
  PORT: setting.integer({ description: 'Port', default: 3000, minimum: 0, maximum: 65_535 }),
  RATIO: setting.number({ description: 'Share', default: 0.5 }),
  LEVEL: setting.choice({ description: 'Level', values: ['debug', 'info'], default: 'info' }),
  LIMITS: setting.flag({ description: 'Limits', default: true }),
  PROXIES: setting.list({ description: 'Proxies', default: [] }),
  ORIGIN: setting.origin({ description: 'Origin', default: 'http://localhost:3000' }),
  HUB_URL: setting.url({ description: 'Hub', protocols: ['redis', 'rediss'] }),
  SECRET: setting.secret({ description: 'Secret' }),
  TITLE: setting.optional(setting.text({ description: 'Title.', pattern: '^[a-z]+$' })),
});
const required = {
  HUB_URL: 'redis://:hunter2@localhost:6379/0',
  SECRET: 'hunter2-hunter2-hunter2',
};
const load = (env: Record<string, string>) => loadConfig(schema, { ...required, ...env });

function faultsOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('no AppError was thrown');
}

function writeSecret(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), content);
  return join(folder, 'secret');
}

test('unset and empty variables take their defaults, and optional ones stay absent', () => {
  expect(load({ PORT: '', UNKNOWN: 'x' })).toEqual({
    ...required,
    PORT: 3000,
    RATIO: 0.5,
    LEVEL: 'info',
    LIMITS: true,
    PROXIES: [],
    ORIGIN: 'http://localhost:3000',
  });
});

test('texts become the types of their settings', () => {
  const config = load({
    PORT: '8_080',
    RATIO: '0.25',
    LEVEL: 'debug',
    LIMITS: 'off',
    PROXIES: '10.0.0.0/8, ,::1',
    ORIGIN: 'https://app.example.com/',
    TITLE: 'abc',
  });
  expect(config).toMatchObject({
    PORT: 8080,
    RATIO: 0.25,
    LEVEL: 'debug',
    LIMITS: false,
    PROXIES: ['10.0.0.0/8', '::1'],
    ORIGIN: 'https://app.example.com',
    TITLE: 'abc',
  });
  expect(Object.isFrozen(config)).toBe(true);
  expectTypeOf<ConfigOf<typeof schema>['LEVEL']>().toEqualTypeOf<'debug' | 'info'>();
  expectTypeOf<ConfigOf<typeof schema>['TITLE']>().toEqualTypeOf<string | undefined>();
});

test.each([
  ['PORT', 'abc', 'must be a whole number'],
  ['PORT', '1.5', 'must be a whole number'],
  ['PORT', '1e3', 'must be a whole number'],
  ['PORT', '-1', 'must be at least 0'],
  ['PORT', '70000', 'must be at most 65535'],
  ['RATIO', 'half', 'must be a number'],
  ['LEVEL', 'loud', 'must be one of debug, info'],
  ['LIMITS', 'maybe', 'must be true or false'],
  ['ORIGIN', 'https://app.example.com/path', 'must be an origin'],
  ['ORIGIN', 'app.example.com', 'must be an origin'],
  ['HUB_URL', 'http://localhost', 'must be a URL that starts with redis:// or rediss://'],
  ['HUB_URL', 'redis://a b', 'must be a URL that starts with redis:// or rediss://'],
  ['SECRET', 'hunter2', 'must have at least 16 characters'],
  ['TITLE', 'ABC', 'must match ^[a-z]+$'],
])('%s=%s is refused: %s', (name, value, message) => {
  const error = faultsOf(() => load({ [name]: value }));
  expect(error).toMatchObject({ kind: 'invalid', code: 'CONFIG_INVALID' });
  expect(error.fields).toEqual([{ path: name, message: expect.stringContaining(message) }]);
});

test('a Redis URL may name several hosts of a Cluster or of Sentinels', () => {
  const clusterSchema = defineConfig({ HUB: redisUrl('Hub') });
  for (const HUB of [
    'redis+cluster://u:p@a:7000,b:7001',
    'rediss+sentinel://u:p@a:1,b:2/0?master=main',
  ]) {
    expect(loadConfig(clusterSchema, { HUB })).toEqual({ HUB });
  }
  for (const HUB of ['redis://a:1,b:2', 'redis+cluster://a:port', 'redis+other://a']) {
    expect(() => loadConfig(clusterSchema, { HUB })).toThrow('HUB: must be a URL');
  }
});

test('all faults are named at once, each with what the setting means, and none with its value', () => {
  const error = faultsOf(() => loadConfig(schema, { PORT: 'hunter2', HUB_URL: 'hunter2' }));
  expect(error.message).toBe(
    [
      '3 settings are wrong:',
      '  PORT: must be a whole number (Port)',
      '  HUB_URL: must be a URL that starts with redis:// or rediss:// (Hub)',
      '  SECRET: must be set, or SECRET_FILE (Secret)',
    ].join('\n'),
  );
});

describe('a secret in a file', () => {
  test('is read without its trailing line break', () => {
    const file = writeSecret('hunter2-hunter2-hunter2\n');
    expect(loadConfig(schema, { HUB_URL: required.HUB_URL, SECRET_FILE: file }).SECRET).toBe(
      'hunter2-hunter2-hunter2',
    );
  });

  test('is a fault if it can’t be read, is empty, or the variable is set as well', () => {
    const faultFor = (env: Record<string, string>) =>
      faultsOf(() => loadConfig(schema, { HUB_URL: required.HUB_URL, ...env })).message;
    expect(faultFor({ SECRET_FILE: '/nowhere/secret' })).toContain('can’t be read: ENOENT');
    expect(faultFor({ SECRET_FILE: writeSecret('\n') })).toContain('is empty');
    expect(faultFor({ SECRET: required.SECRET, SECRET_FILE: '/x' })).toContain('not both');
  });

  test('is for settings that may hold a secret alone', () => {
    expect(load({ PORT_FILE: writeSecret('1') }).PORT).toBe(3000);
  });
});
