import { channel } from 'node:diagnostics_channel';

const eventsChannel = channel('shortstack:events');

/** Adds to a counter, for whoever subscribes to `shortstack:events`. Costs nothing without a subscriber. */
export function report(name: string, attributes: Record<string, string>, value = 1): void {
  if (eventsChannel.hasSubscribers) eventsChannel.publish({ name, value, attributes });
}
