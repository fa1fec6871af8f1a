import { expect, test } from 'vitest';
import { formatLogEntry, formatPlainLines, type LogOrigin } from './format-log-line.ts';
import { readLogEntry } from './log-entry.ts';

const origin: LogOrigin = { name: 'create', colour: 'cyan', nameWidth: 13 };
const time = new Date(2026, 0, 2, 3, 4, 5, 67).getTime();

function format(line: object): string {
  const entry = readLogEntry(JSON.stringify({ level: 'info', time, ...line }));
  if (!entry?.time) throw new Error('The line is no entry.');
  return formatLogEntry(origin, entry.time, entry);
}

test('an entry is its local time, process, level, message and fields, without what every line has', () => {
  const line = {
    time: new Date(time).toISOString(),
    ...{ service: 'create', instance: 'create-1', pid: 7, hostname: 'host' },
    ...{ msg: 'link created', slug: 'abc', title: 'two words', clicks: 3, tags: ['a'] },
  };
  expect(format(line)).toBe(
    '03:04:05.067  create         info   link created  slug=abc title="two words" clicks=3 tags=["a"]',
  );
});

test('a level is named where a line has its number, and a long id is shown by its end', () => {
  const line = {
    level: 40,
    msg: 'slow',
    requestId: 'Jk3_aBcDeFgH-1z',
    userId: '019ab1f2-7c7a-7d3e-8f00-1234567890ab',
  };
  expect(format(line)).toMatch(/ warn {3}slow {2}requestId=Jk3_aBcDeFgH-1z userId=…567890ab$/);
});

test('an error is shown below with the causes and the stack, from the checkout on, without the frames of Node', () => {
  const checkout = new URL('../../../', import.meta.url).href;
  const stack = `Error: outer\n    at run (${checkout}apps/create/src/app.ts:1:2)\n    at node:internal/process:1:2`;
  const err = {
    type: 'Error',
    message: 'outer',
    stack,
    cause: { type: 'AppError', message: 'inner' },
  };
  expect(format({ level: 'error', msg: 'failed', err }).split('\n')).toEqual([
    '03:04:05.067  create         error  failed',
    '                             Error: outer',
    '                                 at run (apps/create/src/app.ts:1:2)',
    '                             caused by AppError: inner',
  ]);
});

test('the error of a warning is shown without its stack', () => {
  const err = { type: 'Error', message: 'away', stack: 'Error: away\n    at run (app.ts:1:2)' };
  expect(format({ level: 'warn', msg: 'trying again', err })).toMatch(
    /trying again\n +Error: away$/,
  );
});

test('a message of several lines is indented, and can not steer the terminal', () => {
  const lines = format({ msg: 'one\n  two\u001b[2J\u0007', name: 'a\nb\u001b[31m' }).split('\n');
  expect(lines).toEqual([
    '03:04:05.067  create         info   one  name="a\\nb\\u001b[31m"',
    '                               two�',
  ]);
});

test('a long line is cut, and a character is not', () => {
  const [line = ''] = format({ msg: `${'x'.repeat(498)}😀${'y'.repeat(10_000)}` }).split('\n');
  expect(line.length).toBeLessThan(550);
  expect(line.isWellFormed()).toBe(true);
  expect(line).toMatch(/x�?…$/);
});

test('lines that are no JSON are shown as they are, under one head', () => {
  expect(formatPlainLines(origin, time, ['app.ts:1', 'const x = ;', '\t^'])).toBe(
    [
      '03:04:05.067  create         app.ts:1',
      '                             const x = ;',
      '                               ^',
    ].join('\n'),
  );
  expect(readLogEntry('{"half": ')).toBeUndefined();
  expect(readLogEntry('{"no": "level"}')).toBeUndefined();
});
