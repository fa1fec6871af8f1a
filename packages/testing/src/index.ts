export { claimPorts, type PortClaim } from './claim-ports.ts';
export { closeAfterFile } from './close-after-file.ts';
export { createFaultProxy, type FaultProxy } from './create-fault-proxy.ts';
export {
  createTestDatabase,
  type TestDatabase,
  type TestDatabaseOptions,
} from './create-test-database.ts';
export { createTestLife, type TestLife } from './create-test-life.ts';
export { findPreviousVersion, type PreviousVersion } from './find-previous-version.ts';
export { openTestPool } from './open-test-pool.ts';
export { type ReplicatedDatabase, startReplicatedDatabase } from './start-replicated-database.ts';
export { startTestPostgres } from './start-test-postgres.ts';
export { startTestRedis } from './start-test-redis.ts';
export { startTestSentinelSet } from './start-test-sentinel-set.ts';
export { startTestTopology, type TestTopology } from './start-test-topology.ts';
export { startTokenIssuer, type TestTokenIssuer } from './start-token-issuer.ts';
export { type UntilOptions, until } from './until.ts';
