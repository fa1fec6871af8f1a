/** Measures the tables in this package's README and prints them: `npm run measure -w @shortstack/analytics`. */
import { randomBytes } from 'node:crypto';
import { connectRedis, type RedisConnection } from '@shortstack/redis';
import { openServers } from '@shortstack/servers';
import { createUniqueVisitors, type Window } from '../src/index.ts';

const minute = 60_000;

/** As 64-bit hashes are written. */
const newVisitors = (count: number) =>
  Array.from({ length: count }, () => `${randomBytes(8).readBigInt64BE()}`);

/** Records so many different visitors, spread over the buckets of the last hour, and returns the error of their union in percent. */
async function errorOf(redis: RedisConnection, name: string, count: number): Promise<number> {
  const now = Date.now();
  // A quarter that begins meanwhile would push the oldest out of the window.
  const visitors = createUniqueVisitors({ redis, name, now: () => now });
  for (let done = 0; done < count; ) {
    const some = newVisitors(Math.min(50_000, count - done));
    await visitors.record(
      some.map((visitor, i) => ({
        subject: 'link',
        visitor,
        time: new Date(now - ((done + i) % 5) * 15 * minute),
      })),
    );
    done += some.length;
  }
  const estimate = await visitors.count({ subject: 'link', window: 'hour' });
  return (100 * Math.abs(estimate - count)) / count;
}

/** Bytes of one bucket with so many visitors. */
async function bytesOf(redis: RedisConnection, count: number): Promise<number> {
  await redis.client.del('bytes');
  const visitors = newVisitors(count);
  for (let i = 0; i < count; i += 1_000)
    await redis.client.pfadd('bytes', ...visitors.slice(i, i + 1_000));
  return Number(await redis.client.memory('USAGE', 'bytes'));
}

async function usecPerCall(redis: RedisConnection, command: string): Promise<number> {
  const found = new RegExp(`cmdstat_${command}:.*?usec_per_call=([\\d.]+)`).exec(
    await redis.client.info('commandstats'),
  );
  return Number(found?.[1]);
}

/** Microseconds of Redis for one answer over full buckets. */
async function costOf(redis: RedisConnection, window: Window, stepMs: number, buckets: number) {
  const now = Date.now();
  const visitors = createUniqueVisitors({ redis, name: `cost-${window}`, now: () => now });
  for (let i = 0; i < buckets; i++) {
    const time = new Date(now - i * stepMs);
    await visitors.record(
      newVisitors(20_000).map((visitor) => ({ subject: 'link', visitor, time })),
    );
  }
  await redis.client.config('RESETSTAT');
  for (let i = 0; i < 500; i++) await visitors.count({ subject: 'link', window });
  return usecPerCall(redis, 'pfcount');
}

const servers = await openServers({ backend: 'native' });
const redis = connectRedis({
  url: (await servers.startRedis()).url,
  name: 'hub',
  commandTimeoutMs: 10_000,
});
try {
  await redis.ready();
  console.log('| visitors | runs | mean error | greatest error | bytes of one bucket |');
  console.log('|---|---|---|---|---|');
  for (const [count, runs] of [
    [10, 50],
    [1_000, 50],
    [10_000, 50],
    [100_000, 20],
    [1_000_000, 5],
  ] as const) {
    const errors: number[] = [];
    for (let run = 0; run < runs; run++) {
      errors.push(await errorOf(redis, `error-${count}-${run}`, count));
    }
    const mean = errors.reduce((sum, error) => sum + error, 0) / runs;
    console.log(
      `| ${count.toLocaleString('en')} | ${runs} | ${mean.toFixed(2)} % | ${Math.max(...errors).toFixed(2)} % | ${await bytesOf(redis, count)} |`,
    );
  }
  console.log('\n| window | keys | µs of Redis per count |\n|---|---|---|');
  for (const [window, stepMs, buckets] of [
    ['hour', 15 * minute, 5],
    ['day', 60 * minute, 25],
    ['week', 24 * 60 * minute, 8],
  ] as const) {
    const us = await costOf(redis, window, stepMs, buckets);
    console.log(`| ${window} | ${buckets} | ${us.toFixed(0)} |`);
  }
} finally {
  await redis.close();
  await servers.close();
}
