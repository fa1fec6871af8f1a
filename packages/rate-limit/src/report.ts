import { channel } from 'node:diagnostics_channel';

const rateLimitChannel = channel('shortstack:rate-limit');

/** Adds 1 to a counter, for whoever subscribes to `shortstack:rate-limit`. */
export function report(name: string, attributes: Record<string, string>): void {
  if (rateLimitChannel.hasSubscribers) rateLimitChannel.publish({ name, value: 1, attributes });
}
