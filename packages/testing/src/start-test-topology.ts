import { startCluster, startSentinelSet, startTlsRedis, type Topology } from '@shortstack/servers';
import { closeAfterFile } from './close-after-file.ts';
import { startTestRedis } from './start-test-redis.ts';

const topologies = { 'tls-acl': startTlsRedis, cluster: startCluster, sentinel: startSentinelSet };

/** The Redis that a contract suite runs on. */
export interface TestTopology {
  readonly name: 'single' | keyof typeof topologies;
  /** Spread into the options of `connectRedis` and of whatever else opens connections. */
  readonly connection: Topology['connection'];
}

/**
 * Starts an empty Redis for a contract suite: what the environment's `REDIS_TOPOLOGY` says, as each project of
 * `npm run test:topologies` sets it, else a single server. It is stopped when the test file ends.
 */
export async function startTestTopology(): Promise<TestTopology> {
  const name = process.env.REDIS_TOPOLOGY ?? 'single';
  if (name === 'single') {
    const { url } = await startTestRedis();
    return { name, connection: { url } };
  }
  if (name !== 'tls-acl' && name !== 'cluster' && name !== 'sentinel') {
    throw new Error(`REDIS_TOPOLOGY is single, tls-acl, cluster or sentinel, not ${name}.`);
  }
  const topology = await topologies[name]();
  closeAfterFile(() => topology.stop());
  return { name, connection: topology.connection };
}
