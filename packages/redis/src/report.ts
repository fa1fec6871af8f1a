import { channel } from 'node:diagnostics_channel';

const redisChannel = channel('shortstack:redis');

/** Adds 1 to a counter, for whoever subscribes to `shortstack:redis`. Costs nothing without a subscriber. */
export function report(name: string, attributes: Record<string, string>): void {
  if (redisChannel.hasSubscribers) redisChannel.publish({ name, value: 1, attributes });
}

/** Raises or lowers a gauge in the same way. */
export function reportChange(
  name: string,
  change: number,
  attributes: Record<string, string>,
): void {
  if (redisChannel.hasSubscribers) redisChannel.publish({ name, change, attributes });
}
