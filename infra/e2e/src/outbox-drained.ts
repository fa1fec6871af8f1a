import { until } from '@shortstack/testing';
import type { LocalStack } from './start-stack.ts';

/** Waits until the relay has published every event. */
export async function outboxDrained(stack: LocalStack): Promise<boolean> {
  const isDrained = async () =>
    (await stack.sql('SELECT FROM outbox WHERE published_at IS NULL LIMIT 1')).length === 0;
  return until(isDrained, { deadlineMs: 10_000, message: 'Events still wait in the outbox' });
}
