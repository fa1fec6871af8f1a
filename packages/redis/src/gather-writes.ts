import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import type { RedisClient } from './open-client.ts';

/**
 * Returns a function to call before a command is sent: what the client sends in the same turn of the event loop then goes out in
 * one write at the turn's end. A write is a system call and costs more than the command itself. A command that is sent
 * alone waits for nothing but the callbacks that were already due. Without effect on a Cluster, which has a socket per node.
 */
export function createWriteGatherer(client: RedisClient): () => void {
  if (!(client instanceof Redis)) return () => {};
  let held: Pick<Socket, 'uncork'> | undefined;

  function release(): void {
    held?.uncork();
    held = undefined;
  }

  return () => {
    if (held !== undefined || client.status !== 'ready') return;
    const { stream } = client;
    stream.cork();
    held = stream;
    setImmediate(release);
  };
}
