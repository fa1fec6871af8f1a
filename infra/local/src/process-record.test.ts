import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { recordProcess, stopRecorded } from './process-record.ts';

async function startSleeper() {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-record-'));
  const child = spawn('sleep', ['60'], { detached: true });
  await once(child, 'spawn');
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  const file = join(directory, 'sleeper.json');
  recordProcess(file, child.pid as number);
  return { child, file };
}

test('the process that was recorded is stopped, and the record goes', async () => {
  const { child, file } = await startSleeper();
  const exited = once(child, 'exit');

  expect(await stopRecorded(file, 1_000)).toBe(true);

  expect(await exited).toEqual([null, 'SIGTERM']);
  expect(existsSync(file)).toBe(false);
});

test('a process that only has the id of the recorded one is left alone', async () => {
  const { child, file } = await startSleeper();
  const record = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...record, started: 'at another time' }));

  expect(await stopRecorded(file, 1_000)).toBe(false);

  expect(child.kill(0)).toBe(true);
});
