import type { RateLimitPolicy } from '../src/decision.ts';

/** What was admitted, oldest first. */
export interface Admission {
  atMs: number;
  cost: number;
}

/**
 * The definition of each algorithm, written down as plainly as possible: how many units may be admitted now, given all
 * that was ever admitted. Whole numbers only (BigInt), nothing incremental, so it shares no mistake with the real ones.
 */
export function remainingByDefinition(
  policy: RateLimitPolicy,
  admissions: readonly Admission[],
  nowMs: number,
): number {
  switch (policy.algorithm) {
    case 'fixedWindow':
      return fixedWindow(policy, admissions, nowMs);
    case 'slidingWindowLog':
      return slidingWindowLog(policy, admissions, nowMs);
    case 'slidingWindowCounter':
      return slidingWindowCounter(policy, admissions, nowMs);
    case 'gcra':
      return tokenBucket(policy, admissions, nowMs);
  }
}

interface Plain {
  limit: number;
  windowSeconds: number;
}

function fixedWindow(policy: Plain, admissions: readonly Admission[], nowMs: number): number {
  const from = nowMs - (nowMs % (policy.windowSeconds * 1_000));
  return policy.limit - sum(admissions.filter(({ atMs }) => atMs >= from));
}

function slidingWindowLog(policy: Plain, admissions: readonly Admission[], nowMs: number): number {
  const from = nowMs - policy.windowSeconds * 1_000;
  return policy.limit - sum(admissions.filter(({ atMs }) => atMs > from));
}

function slidingWindowCounter(
  policy: Plain,
  admissions: readonly Admission[],
  nowMs: number,
): number {
  const windowMs = policy.windowSeconds * 1_000;
  const countIn = (window: number) =>
    BigInt(sum(admissions.filter(({ atMs }) => Math.floor(atMs / windowMs) === window)));
  const window = Math.floor(nowMs / windowMs);
  const leftMs = BigInt((window + 1) * windowMs - nowMs);
  const width = BigInt(windowMs);
  const spare = (BigInt(policy.limit) - countIn(window)) * width - countIn(window - 1) * leftMs;
  return Number(spare / width);
}

/** GCRA is a token bucket that is filled without a clock of its own. */
function tokenBucket(
  policy: Plain & { burst?: number },
  admissions: readonly Admission[],
  nowMs: number,
): number {
  const windowUs = BigInt(policy.windowSeconds) * 1_000_000n;
  const limit = BigInt(policy.limit);
  const tokenUs = (windowUs + limit - 1n) / limit;
  const full = BigInt(policy.burst ?? policy.limit) * tokenUs;
  let level = full;
  let lastMs = admissions[0]?.atMs ?? nowMs;
  for (const { atMs, cost } of [...admissions, { atMs: nowMs, cost: 0 }]) {
    level += BigInt(atMs - lastMs) * 1_000n;
    if (level > full) level = full;
    level -= BigInt(cost) * tokenUs;
    lastMs = atMs;
  }
  return Number(level / tokenUs);
}

function sum(admissions: readonly Admission[]): number {
  return admissions.reduce((total, { cost }) => total + cost, 0);
}
