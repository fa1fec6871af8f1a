/** Measures the table in this package's README and prints it: `npm run measure -w @shortstack/rate-limit`. */
import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis, type RedisConnection } from '@shortstack/redis';
import { openServers } from '@shortstack/servers';
import { createRateLimiter } from '../src/create-rate-limiter.ts';
import type { RateLimitPolicy } from '../src/decision.ts';
import { redisKey } from '../src/limiter-key.ts';
import { type AuditedDecision, auditedConnection } from './audited-connection.ts';
import { mostInAnyWindow } from './most-in-any-window.ts';

const limit = 100;
type Row = { label: string; policy: (windowSeconds: number) => RateLimitPolicy };
const rows: Row[] = [
  ...(['slidingWindowLog', 'fixedWindow', 'slidingWindowCounter', 'gcra'] as const).map(
    (algorithm) => ({
      label: `\`${algorithm}\``,
      policy: (windowSeconds: number) => ({ algorithm, limit, windowSeconds }),
    }),
  ),
  {
    label: '`gcra`, `burst: 10`',
    policy: (windowSeconds) => ({ algorithm: 'gcra', limit, windowSeconds, burst: 10 }),
  },
];

/**
 * The worst case of each: nothing, then a flood from just before a window of Redis's clock ends until the end of the
 * window after it. No refusal is remembered, so every request is decided by Redis.
 */
async function accuracy(redis: RedisConnection, policy: RateLimitPolicy): Promise<number> {
  const decisions: AuditedDecision[] = [];
  const limiter = createRateLimiter({
    redis: auditedConnection(redis, (decision) => decisions.push(decision)),
    name: `accuracy-${policy.algorithm.toLowerCase()}${'burst' in policy ? '-burst' : ''}`,
    policy,
    onUnavailable: 'deny',
    maxKeys: 0,
  });
  const windowMs = policy.windowSeconds * 1_000;
  const nowMs = async () => {
    const [seconds = 0, microseconds = 0] = (await redis.client.time()).map(Number);
    return seconds * 1_000 + microseconds / 1_000;
  };
  const boundaryMs = (Math.floor((await nowMs()) / windowMs) + 2) * windowMs;
  await pause(boundaryMs - 100 - (await nowMs()));
  while ((await nowMs()) < boundaryMs + windowMs) {
    await Promise.all(Array.from({ length: 20 }, () => limiter.consume('client')));
  }
  return mostInAnyWindow(decisions, policy.windowSeconds);
}

async function bytes(redis: RedisConnection, policy: RateLimitPolicy): Promise<string> {
  const name = 'links';
  const key = '0190a1b2-c3d4-7e5f-8a6b-0123456789ab';
  const limiter = createRateLimiter({ redis, name, policy, onUnavailable: 'deny' });
  const used = () => redis.client.memory('USAGE', redisKey(name, key));
  await limiter.consume(key);
  const first = await used();
  while ((await limiter.consume(key)).allowed);
  const full = await used();
  await redis.client.del(redisKey(name, key));
  return first === full ? `${first}` : `${first} – ${full}`;
}

/** 200 calls for each of 100 keys, every second one refused where the burst is the limit. */
async function cost(redis: RedisConnection, policy: RateLimitPolicy) {
  const calls = 20_000;
  const name = 'cost';
  const limiter = createRateLimiter({ redis, name, policy, onUnavailable: 'deny', maxKeys: 0 });
  await redis.client.config('RESETSTAT');
  for (let i = 0; i < calls; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, key) => limiter.consume(`${key}`)));
  }
  const stats = [
    ...(await redis.client.info('commandstats')).matchAll(
      /cmdstat_(?<command>\S+):calls=(?<calls>\d+),usec=(?<usec>\d+)/g,
    ),
  ].map(({ groups }) => groups ?? {});
  const script = stats.find(({ command }) => command === 'evalsha');
  const inner = stats.filter(({ command = '' }) => !/^(eval|evalsha|config|info)/.test(command));
  const innerCalls = inner.reduce((sum, each) => sum + Number(each.calls), 0);
  for (let key = 0; key < 100; key++) await redis.client.del(redisKey(name, `${key}`));
  return {
    inner: (innerCalls / calls).toFixed(1),
    us: (Number(script?.usec) / calls).toFixed(1),
  };
}

/** What a refused client that goes on asking costs. */
async function refusals(redis: RedisConnection): Promise<string> {
  const policy: RateLimitPolicy = { algorithm: 'gcra', limit: 1, windowSeconds: 86_400 };
  const limiter = createRateLimiter({ redis, name: 'refusals', policy });
  await limiter.consume('client', 1);
  await limiter.consume('client');
  const asked = limiter.stats().redis;
  const begunMs = performance.now();
  const calls = 1_000_000;
  for (let i = 0; i < calls; i++) await limiter.consume('client');
  const us = ((performance.now() - begunMs) * 1_000) / calls;
  return `${calls} calls for a key known to be refused: ${limiter.stats().redis - asked} commands, ${us.toFixed(1)} µs each`;
}

const servers = await openServers({ backend: 'native' });
const redis = connectRedis({
  url: (await servers.startRedis()).url,
  name: 'hub',
  commandTimeoutMs: 10_000,
});
try {
  await redis.ready();
  const [, version] = /redis_version:(\S+)/.exec(await redis.client.info('server')) ?? [];
  console.log(`Redis ${version}, limit ${limit}\n`);
  console.log('| algorithm | most in any window | bytes per key | commands | µs of Redis |');
  console.log('|---|---|---|---|---|');
  for (const { label, policy } of rows) {
    const most = await accuracy(redis, policy(2));
    const size = await bytes(redis, policy(600));
    const { inner, us } = await cost(redis, policy(600));
    console.log(`| ${label} | ${most} | ${size} | 1 + ${inner} | ${us} |`);
  }
  console.log(`\n${await refusals(redis)}`);
} finally {
  await redis.close();
  await servers.close();
}
