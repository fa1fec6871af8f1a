import { channel } from 'node:diagnostics_channel';

const sessionChannel = channel('shortstack:session');

/** Adds 1 to a counter, for whoever subscribes to `shortstack:session`. */
export function report(name: string): void {
  if (sessionChannel.hasSubscribers) sessionChannel.publish({ name, value: 1 });
}
