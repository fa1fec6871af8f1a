import type { Pool } from 'pg';

const windowMs = 250;

/**
 * Returns a function that tells how long, in ms, whoever asks for a connection now will wait: the length of the queue by
 * the rate at which connections were handed out of late (Little's law). 0 while no more wait than there are connections.
 * @see https://pubsonline.informs.org/doi/10.1287/opre.9.3.383 Little, A proof for the queuing formula L = λW
 */
export function estimatePoolWait(pool: Pool): () => number {
  let acquired = 0;
  let windowStart = performance.now();
  let perMs = Number.POSITIVE_INFINITY;
  pool.on('acquire', () => {
    acquired += 1;
  });
  return () => {
    const elapsedMs = performance.now() - windowStart;
    if (elapsedMs >= windowMs) {
      perMs = acquired / elapsedMs;
      acquired = 0;
      windowStart += elapsedMs;
    }
    return pool.waitingCount <= pool.options.max ? 0 : pool.waitingCount / perMs;
  };
}
