import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@shortstack/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClickBatch } from '../src/clicks/click-batch.ts';
import { createSpoolWriter } from '../src/clicks/spool-writer.ts';
import { createSpoolSource } from '../src/ingestion/spool-source.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(() => rm(directory, { recursive: true }));

const bootId = randomUUID();
const batch = (sequence: number): ClickBatch => ({
  bootId,
  sequence,
  payload: `payload ${sequence} – ü\n`,
});

async function readAll(options: { forgottenAfterMs?: number } = {}): Promise<ClickBatch[]> {
  const source = createSpoolSource({ directory, ...options });
  const found: ClickBatch[] = [];
  for (let reading = await source.read(); reading !== null; reading = await source.read()) {
    found.push(...reading.batches);
    await reading.forget();
  }
  return found;
}

test('what was appended is read back in order, and forgotten only when it is counted', async () => {
  const spool = await createSpoolWriter({ directory });
  for (const sequence of [1, 2, 3]) await spool.append(batch(sequence));
  await spool.close();

  const source = createSpoolSource({ directory });
  expect((await source.read())?.batches).toEqual([batch(1), batch(2), batch(3)]);
  expect(await readAll()).toEqual([batch(1), batch(2), batch(3)]);
  expect(await readdir(directory)).toEqual([]);
});

test('a segment is closed by its age, without another append', async () => {
  const spool = await createSpoolWriter({ directory, segmentAgeMs: 20 });
  await spool.append(batch(1));
  const names = await until(async () => {
    const found = await readdir(directory);
    return found.every((name) => name.endsWith('.closed')) && found;
  });
  expect(names).toHaveLength(1);
  await spool.close();
});

test('segments are closed by their size', async () => {
  const spool = await createSpoolWriter({ directory, segmentBytes: 100 });
  for (let sequence = 1; sequence <= 6; sequence += 1) await spool.append(batch(sequence));
  await spool.close();
  expect((await readdir(directory)).length).toBeGreaterThan(2);
  expect((await readAll()).map((found) => found.sequence).toSorted((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
});

test('a batch written into a segment that the reader seized is written again', async () => {
  const spool = await createSpoolWriter({ directory, segmentAgeMs: 60_000 });
  await spool.append(batch(1));
  const [name = ''] = await readdir(directory);
  await rename(join(directory, name), join(directory, name.replace('.open', '.closed')));
  expect(await readAll()).toEqual([batch(1)]);

  await spool.append(batch(2));
  await spool.close();
  expect(await readAll()).toContainEqual(batch(2));
});

test('the segment of a writer that died is seized once it is old enough, torn end and all', async () => {
  const spool = await createSpoolWriter({ directory, segmentAgeMs: 60_000 });
  await spool.append(batch(1));
  const [name = ''] = await readdir(directory);
  await appendFile(join(directory, name), `${bootId} 2 9000 1\ncut sho`);

  expect(await readAll()).toEqual([]);
  expect(await readAll({ forgottenAfterMs: -1_000 })).toEqual([batch(1)]);
  await spool.close();
});

test('a disk that fails is left alone for a moment, and used again when it works', async () => {
  const spool = await createSpoolWriter({ directory });
  await rm(directory, { recursive: true });
  await expect(spool.append(batch(1))).rejects.toMatchObject({ code: 'ENOENT' });
  await mkdir(directory);
  await expect(spool.append(batch(2))).rejects.toMatchObject({ code: 'SPOOL_FAILED' });
  await until(() => spool.append(batch(3)).then(() => true));
  await spool.close();
  expect(await readAll()).toEqual([batch(3)]);
});

test('a segment that another reader has counted meanwhile is passed over', async () => {
  const spool = await createSpoolWriter({ directory, segmentBytes: 1 });
  for (const sequence of [1, 2, 3]) await spool.append(batch(sequence));
  const source = createSpoolSource({ directory });
  expect((await source.read())?.batches).toHaveLength(1);
  expect(await readAll()).toHaveLength(3);
  expect(await source.read()).toBeNull();
  await spool.append(batch(4));
  expect((await source.read())?.batches).toEqual([batch(4)]);
  await spool.close();
});

test('past its limit the spool refuses, and takes batches again when the reader has made room', async () => {
  const spool = await createSpoolWriter({ directory, maxBytes: 160, segmentBytes: 1 });
  await spool.append(batch(1));
  await spool.append(batch(2));
  await expect(spool.append(batch(3))).rejects.toMatchObject({ code: 'SPOOL_FULL' });
  await readAll();
  await until(() => spool.append(batch(3)).then(() => true), { message: 'room in the spool' });
  await spool.close();
});
