import type { ServiceClient } from '@shortstack/discovery';

const quietMs = 5_000;

/**
 * Returns a function that asks the worker to refill the pool of codes, in the background and at most every 5 s. A worker
 * that is away is no failure: the pool is also filled on a schedule, and an empty one is done without.
 */
export function createCodeRequest(
  worker: ServiceClient,
  now: () => number = () => performance.now(),
): () => void {
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - askedAt < quietMs) return;
    askedAt = now();
    const refill = {
      method: 'POST',
      path: '/internal/code-pool/refill',
      idempotent: true,
    } as const;
    worker.call('worker', refill).catch(() => {});
  };
}
