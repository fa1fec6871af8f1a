import { channel } from 'node:diagnostics_channel';

const discoveryChannel = channel('shortstack:discovery');

/** Adds to a counter, for whoever subscribes to `shortstack:discovery`. */
export function report(name: string, attributes?: Record<string, string>, value = 1): void {
  if (!discoveryChannel.hasSubscribers) return;
  discoveryChannel.publish(attributes ? { name, value, attributes } : { name, value });
}
