import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis } from '@shortstack/redis';
import { createRateLimiter } from '../src/create-rate-limiter.ts';
import type { RateLimitPolicy } from '../src/decision.ts';
import { type AuditedDecision, auditedConnection } from './audited-connection.ts';

/** What one client does, again and again. */
export interface Step {
  cost: number;
  pauseMs: number;
}

/** Clients that ask for one key of one limit. */
export interface Flood {
  name: string;
  policy: RateLimitPolicy;
  clients: number;
  steps: readonly Step[];
  maxKeys: number;
}

/** A process of its own: for each message with floods it answers with all that Redis decided in them. */
const redis = connectRedis({
  url: process.argv[2] ?? '',
  name: 'hub',
  commandTimeoutMs: 10_000,
});
await redis.ready();
process.on('message', (floods: Flood[]) => {
  void Promise.all(floods.map(pour)).then((decisions) => process.send?.(decisions));
});
process.on('disconnect', () => void redis.close());
process.send?.('ready');

async function pour({ name, policy, clients, steps, maxKeys }: Flood): Promise<AuditedDecision[]> {
  const decisions: AuditedDecision[] = [];
  const limiter = createRateLimiter({
    redis: auditedConnection(redis, (decision) => decisions.push(decision)),
    name,
    policy,
    // An answer from memory would be none of Redis's: it must fail the test.
    onUnavailable: 'deny',
    maxKeys,
  });
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (const i of steps.keys()) {
        const { cost, pauseMs } = steps[(i + client) % steps.length] ?? { cost: 1, pauseMs: 0 };
        await limiter.consume('everybody', cost);
        await pause(pauseMs);
      }
    }),
  );
  return decisions;
}
