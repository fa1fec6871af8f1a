import type { RedisConnection } from '@shortstack/redis';
import type { Redis } from 'ioredis';

/** What Redis's clock said right before and right after one decision, in microseconds; nothing ran in between. */
export interface AuditedDecision {
  beforeUs: number;
  afterUs: number;
  allowed: boolean;
  cost: number;
}

type Command = [name: string, ...args: (string | number)[]];

/** The same connection, but each script runs in a transaction with a look at Redis's clock on either side. */
export function auditedConnection(
  redis: RedisConnection,
  audit: (decision: AuditedDecision) => void,
): RedisConnection {
  async function audited(client: Redis, ...command: Command): Promise<unknown> {
    const replies = await client.multi([['time'], command, ['time']]).exec();
    const [before, decision, after] = (replies ?? []).map(([error, reply]) => {
      if (error) throw error;
      return (reply as (string | number)[]).map(Number);
    });
    const cost = Number(command[4]);
    audit({
      beforeUs: microseconds(before),
      afterUs: microseconds(after),
      allowed: decision?.[0] === 1,
      cost,
    });
    return decision;
  }
  const run: RedisConnection['run'] = (command) =>
    redis.run((client) =>
      command(
        new Proxy(client, {
          get(target, name) {
            if (name !== 'evalsha' && name !== 'eval') return Reflect.get(target, name, target);
            return (...args: (string | number)[]) => audited(target, name, ...args);
          },
        }),
      ),
    );
  return { ...redis, run };
}

function microseconds([seconds = 0, rest = 0]: number[] = []): number {
  return seconds * 1_000_000 + rest;
}
