import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unavailable } from '@shortstack/errors';
import type { ClickBatch } from './click-batch.ts';
import type { Failpoint } from './failpoint.ts';
import { encodeRecord } from './spool-record.ts';
import { createSpoolUsage } from './spool-usage.ts';

export interface SpoolWriterOptions {
  /** Shared by the redirect processes of this host and their redirect-jobs. Made if it is missing. */
  directory: string;
  /** All segments together (default 1 GiB). */
  maxBytes?: number;
  /** A segment is closed at this size (default 8 MiB) … */
  segmentBytes?: number;
  /** … or at this age (default 1,000 ms), so that redirect-jobs gets to it. */
  segmentAgeMs?: number;
  failpoint?: Failpoint;
}

export interface SpoolWriter {
  /**
   * Resolves when the batch is on the disk (fdatasync) in a segment that the reader will find.
   * Rejects with `SPOOL_FULL` at the limit; with the disk's own error where it fails, and then at once with
   * `SPOOL_FAILED` for half a second.
   */
  append(batch: ClickBatch): Promise<void>;
  stats(): { appended: number; bytes: number };
  close(): Promise<void>;
}

interface Segment {
  file: FileHandle;
  openPath: string;
  closedPath: string;
  inode: number;
  bytes: number;
  timer: NodeJS.Timeout;
}

/**
 * Batches on disk, for when the stream can't take them: append-only segments, `*.open` while they are
 * written and renamed to `*.closed` when they are complete. The reader may seize a segment that seems
 * forgotten by renaming it at any moment: the writer looks after each write whether the segment still
 * has its name, and writes the batch again into a new one if not. A batch may so lie in two segments,
 * which does no harm. Calls to `append` must not overlap.
 */
export async function createSpoolWriter(options: SpoolWriterOptions): Promise<SpoolWriter> {
  const {
    directory,
    maxBytes = 2 ** 30,
    segmentBytes = 8 * 2 ** 20,
    segmentAgeMs = 1_000,
  } = options;
  await mkdir(directory, { recursive: true });
  let segment: Segment | undefined;
  let rotation = Promise.resolve();
  let appended = 0;
  const usage = await createSpoolUsage(directory);
  let failedAt = Number.NEGATIVE_INFINITY;

  async function openSegment(): Promise<Segment> {
    // Names sort by age.
    const path = join(directory, `${Date.now()}-${randomUUID()}`);
    const openPath = `${path}.open`;
    const file = await open(
      openPath,
      constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND,
    );
    const inode = await syncNew(file, directory);
    const timer = setTimeout(() => void rotate(), segmentAgeMs);
    return { file, openPath, closedPath: `${path}.closed`, inode, bytes: 0, timer };
  }

  /** Gives the open segment to the reader. It waits for a write under way, through `rotation`. */
  function rotate(): Promise<void> {
    rotation = rotation.then(async () => {
      if (segment === undefined) return;
      const { file, openPath, closedPath, timer } = segment;
      segment = undefined;
      clearTimeout(timer);
      await file.close();
      options.failpoint?.('spool-rotation');
      await rename(openPath, closedPath).catch(ignoreMissing);
    });
    rotation = rotation.catch(() => undefined);
    return rotation;
  }

  async function write(record: Buffer): Promise<boolean> {
    segment ??= await openSegment();
    const { file, openPath, inode } = segment;
    await file.appendFile(record);
    await file.datasync();
    segment.bytes += record.length;
    const found = await stat(openPath).catch(() => undefined);
    return found?.ino === inode;
  }

  async function append(batch: ClickBatch): Promise<void> {
    // Each further try would leave one more segment behind.
    if (performance.now() - failedAt < 500) {
      throw unavailable('SPOOL_FAILED', 'The disk of the click spool fails.');
    }
    const record = encodeRecord(batch);
    if (usage.bytes() + record.length > maxBytes) {
      throw unavailable('SPOOL_FULL', 'The click spool is full.');
    }
    const written = rotation.then(async () => {
      let isKept = false;
      try {
        while (!isKept) {
          isKept = await write(record);
          usage.add(record.length);
          if (!isKept) await abandon();
        }
      } catch (error) {
        failedAt = performance.now();
        await abandon();
        throw error;
      }
    });
    // The next rotation waits for this write, whatever becomes of it.
    rotation = written.catch(() => undefined);
    await written;
    appended += 1;
    if (segment !== undefined && segment.bytes >= segmentBytes) await rotate();
  }

  /** The segment was seized or its disk failed: what follows goes to a new one. */
  async function abandon(): Promise<void> {
    if (segment === undefined) return;
    const { file, timer, openPath, closedPath } = segment;
    segment = undefined;
    clearTimeout(timer);
    await file.close().catch(() => undefined);
    await rename(openPath, closedPath).catch(() => undefined);
  }

  return {
    append,
    stats: () => ({ appended, bytes: usage.bytes() }),
    close: () => rotate(),
  };
}

/** Returns the inode of a new file whose name is durable, which needs its directory; closes the file if that fails. */
async function syncNew(file: FileHandle, directory: string): Promise<number> {
  try {
    const handle = await open(directory, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    return (await file.stat()).ino;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as { code?: string }).code !== 'ENOENT') throw error;
}
