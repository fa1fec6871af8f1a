import type { Client } from 'pg';
import { createBitmap } from './bitmap.ts';
import { readIds } from './read-ids.ts';

/** What a thread of a run sent: requests 0 … issued - 1, and which of them were answered with a redirect, which with something else. */
export interface SentByThread {
  issued: number;
  answered: Uint8Array;
  refused: Uint8Array;
}

/** Compares, bit by bit, what the threads saw with the clicks that PostgreSQL has of the run. */
export async function compareClicks(
  client: Client,
  { runId, since, threads }: { runId: string; since: Date; threads: readonly SentByThread[] },
) {
  const sides = threads.map(({ issued, answered, refused }) => ({
    issued,
    answered: createBitmap(answered),
    refused: createBitmap(refused),
    counted: createBitmap(),
    doubled: createBitmap(),
  }));
  let invented = 0;
  await readIds(client, runId, since, (thread, sequence) => {
    const side = sides[thread];
    if (side === undefined || !(sequence < side.issued)) invented += 1;
    else if (side.counted.has(sequence)) side.doubled.add(sequence);
    else side.counted.add(sequence);
  });
  const figures = {
    countedOnce: 0,
    lost: 0,
    doubled: 0,
    refusedButCounted: 0,
    unanswered: 0,
    unansweredButCounted: 0,
    invented,
  };
  for (const { issued, answered, refused, counted, doubled } of sides) {
    figures.doubled += countBits(doubled.bytes);
    figures.unanswered += issued - countBits(answered.bytes) - countBits(refused.bytes);
    const length = Math.max(answered.bytes.length, counted.bytes.length);
    for (let at = 0; at < length; at += 1) {
      const wasAnswered = answered.bytes[at] ?? 0;
      const wasRefused = refused.bytes[at] ?? 0;
      const wasCounted = counted.bytes[at] ?? 0;
      const wasDoubled = doubled.bytes[at] ?? 0;
      figures.countedOnce += bitsOf(wasAnswered & wasCounted & ~wasDoubled);
      figures.lost += bitsOf(wasAnswered & ~wasCounted);
      figures.refusedButCounted += bitsOf(wasCounted & wasRefused);
      figures.unansweredButCounted += bitsOf(wasCounted & ~wasAnswered & ~wasRefused);
    }
  }
  return figures;
}

/** How many bits are set. */
export function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) count += bitsOf(byte);
  return count;
}

function bitsOf(byte: number): number {
  let count = 0;
  for (let left = byte & 0xff; left !== 0; left &= left - 1) count += 1;
  return count;
}
