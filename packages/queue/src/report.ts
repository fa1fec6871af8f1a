import { channel } from 'node:diagnostics_channel';

const queueChannel = channel('shortstack:queue');

/** Adds to a counter, for whoever subscribes to `shortstack:queue`. Costs nothing without a subscriber. */
export function report(name: string, attributes: Record<string, string>, value = 1): void {
  if (queueChannel.hasSubscribers) queueChannel.publish({ name, value, attributes });
}
