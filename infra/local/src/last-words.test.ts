import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lastWords } from './last-words.ts';

function logOf(...lines: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-words-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'log');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

test('the last words are the last error with every line of its message, without its stack', () => {
  const log = logOf(
    'file:///app.ts:3',
    'AppError: The environment is wrong:',
    '  PORT must be set (Port to listen on)',
    '  DATABASE_URL must be set',
    '    at loadConfig (file:///config.ts:9:9)',
    'Node.js v26.10.0',
  );
  expect(lastWords(log)).toEqual([
    'AppError: The environment is wrong:',
    '  PORT must be set (Port to listen on)',
    '  DATABASE_URL must be set',
  ]);
});

test('an error that was logged as JSON is told by its message', () => {
  const log = logOf(
    '{"level":30,"msg":"listening"}',
    '{"level":60,"msg":"giving up","err":{"message":"no disk"}}',
  );
  expect(lastWords(log)).toEqual(['giving up: no disk']);
});

test('without an error they are the last lines', () => {
  expect(lastWords(logOf('one', 'two', 'three', 'four'))).toEqual(['two', 'three', 'four']);
});
