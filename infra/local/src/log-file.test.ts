import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { readLines, rotateIfLarge } from './log-file.ts';

let file: string;
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-log-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  file = join(directory, 'log');
});

test('a log past its limit is set aside and starts again from nothing', () => {
  writeFileSync(file, 'x'.repeat(101));
  rotateIfLarge(file, 100);
  expect(statSync(file).size).toBe(0);
  expect(readFileSync(`${file}.1`, 'utf8')).toHaveLength(101);
});

test('reading on returns whole lines, each once, and starts over after the log was emptied', () => {
  writeFileSync(file, 'one\ntwo\nthr');
  const first = readLines(file, 0);
  expect(first.lines).toEqual(['one', 'two']);

  appendFileSync(file, 'ee\n');
  const second = readLines(file, first.next);
  expect(second.lines).toEqual(['three']);

  writeFileSync(file, 'new\n');
  expect(readLines(file, second.next).lines).toEqual(['new']);
});
