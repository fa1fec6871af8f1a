import { startTestRedis } from './start-test-redis.ts';

/** The Redis that a contract suite runs on. */
export interface TestTopology {
  readonly name: 'single';
  /** Spread into the options of `connectRedis` and of whatever else opens connections. */
  readonly connection: { url: string };
}

/** Starts an empty Redis for a contract suite. It is stopped when the test file ends. */
export async function startTestTopology(): Promise<TestTopology> {
  const { url } = await startTestRedis();
  return { name: 'single', connection: { url } };
}
