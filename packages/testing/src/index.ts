export { createFaultProxy, type FaultProxy } from './create-fault-proxy.ts';
export {
  createTestDatabase,
  type TestDatabase,
  type TestDatabaseOptions,
} from './create-test-database.ts';
export { startTestRedis, type TestRedisOptions } from './start-test-redis.ts';
export { resume, suspend } from './suspend.ts';
export { type UntilOptions, until } from './until.ts';
