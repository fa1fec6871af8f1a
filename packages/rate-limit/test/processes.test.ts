import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTestRedis } from '@shortstack/testing';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { RateLimitPolicy } from '../src/decision.ts';
import type { AuditedDecision } from './audited-connection.ts';
import type { Flood } from './flood-process.ts';
import { mostInAnyWindow } from './most-in-any-window.ts';
import { type Admission, remainingByDefinition } from './reference-models.ts';

const processes = 4;
const clientsPerLimit = 64;

const server = await startTestRedis();
const program = fileURLToPath(new URL('flood-process.ts', import.meta.url));
const children = Array.from({ length: processes }, () =>
  fork(program, [server.url], { execArgv: ['--conditions=source'] }),
);
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});
await Promise.all(children.map((child) => answerOf(child)));

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`A process ended with ${signal ?? code}`);
  });
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  return answer;
}

/** Pours the floods from all processes at once. Returns what Redis decided for each, in Redis's order. */
async function pour(floods: Flood[]): Promise<AuditedDecision[][]> {
  const answers = (await Promise.all(
    children.map((child) => {
      child.send(floods);
      return answerOf(child);
    }),
  )) as AuditedDecision[][][];
  return floods.map((_, i) =>
    answers.flatMap((answer) => answer[i] ?? []).sort((a, b) => a.beforeUs - b.beforeUs),
  );
}

/**
 * The decisions that the definition forbids. Redis decided between two looks at its clock, so the model is asked for the moment that
 * favours the decision.
 */
function wrongDecisions(
  policy: RateLimitPolicy,
  decisions: readonly AuditedDecision[],
): AuditedDecision[] {
  const earliest: Admission[] = [];
  const latest: Admission[] = [];
  return decisions.filter(({ beforeUs, afterUs, allowed, cost }) => {
    const beforeMs = Math.floor(beforeUs / 1_000);
    const afterMs = Math.ceil(afterUs / 1_000);
    if (!allowed) return remainingByDefinition(policy, latest, beforeMs) >= cost;
    const isWrong = remainingByDefinition(policy, earliest, afterMs) < cost;
    earliest.push({ atMs: beforeMs, cost });
    latest.push({ atMs: afterMs, cost });
    return isWrong;
  });
}

// At least the highest cost, so that every client gets something.
const limits = fc.integer({ min: 4, max: 60 });
const windowSeconds = fc.constantFrom(1, 2);
const policies = fc.tuple(
  fc.record({ algorithm: fc.constant('slidingWindowLog' as const), limit: limits, windowSeconds }),
  fc.record({ algorithm: fc.constant('fixedWindow' as const), limit: limits, windowSeconds }),
  fc.record({
    algorithm: fc.constant('slidingWindowCounter' as const),
    limit: limits,
    windowSeconds,
  }),
  fc
    .record({ algorithm: fc.constant('gcra' as const), limit: limits, windowSeconds })
    .chain((policy) =>
      fc.integer({ min: 4, max: policy.limit }).map((burst) => ({ ...policy, burst })),
    ),
);
const steps = fc.array(
  fc.record({ cost: fc.integer({ min: 1, max: 4 }), pauseMs: fc.integer({ min: 1, max: 250 }) }),
  { minLength: 25, maxLength: 25 },
);
let runs = 0;

test('64 clients of each limit in 4 processes are admitted what its definition allows, and nothing more', async () => {
  let decided = 0;
  await fc.assert(
    fc.asyncProperty(policies, steps, fc.constantFrom(0, 100), async (each, steps, maxKeys) => {
      runs += 1;
      const floods = each.map((policy) => ({
        name: `flood-${runs}-${policy.algorithm.toLowerCase()}`,
        policy,
        clients: clientsPerLimit / processes,
        steps,
        maxKeys,
      }));
      const decisions = await pour(floods);
      for (const [i, policy] of each.entries()) {
        const made = decisions[i] ?? [];
        decided += made.length;
        expect(made.filter(({ allowed }) => allowed).length).toBeGreaterThan(1);
        expect(wrongDecisions(policy, made)).toEqual([]);
        if (policy.algorithm !== 'slidingWindowLog') continue;
        expect(mostInAnyWindow(made, policy.windowSeconds)).toBeLessThanOrEqual(policy.limit);
      }
    }),
    { numRuns: 3, endOnFailure: true },
  );
  expect(decided).toBeGreaterThan(1_000);
}, 120_000);
