export { createAuthority, type KeyPair, signCertificate } from './certificate-authority.ts';
export { sweepAbandoned } from './ephemeral-directory.ts';
export { findRedisServer } from './find-redis-server.ts';
export { openServers } from './open-servers.ts';
export { postgresBinariesDirectory, preparePostgresBinaries } from './postgres-binaries.ts';
export { signalFamily } from './process-family.ts';
export type { PostgresServer, RedisServer, RunningServer } from './running-server.ts';
export type { PostgresSettings, RedisOptions } from './server-options.ts';
export type { ServerExit } from './server-process.ts';
export type {
  EphemeralPostgresOptions,
  EphemeralServer,
  Servers,
  ServersBackend,
} from './servers.ts';
export { type StartPostgresOptions, startPostgres } from './start-postgres.ts';
export {
  type StartPostgresReplicaOptions,
  startPostgresReplica,
} from './start-postgres-replica.ts';
export { type StartRedisOptions, startRedis } from './start-redis.ts';
export { stopLeftover } from './stop-leftover.ts';
export { startCluster } from './topologies/start-cluster.ts';
export { type SentinelSet, startSentinelSet } from './topologies/start-sentinel-set.ts';
export { startTlsRedis } from './topologies/start-tls-redis.ts';
export type { Topology } from './topologies/topology.ts';
