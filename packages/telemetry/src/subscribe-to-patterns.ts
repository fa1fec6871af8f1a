import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Counter, Metrics } from './metrics.ts';

/** The packages that report, each on the channel `shortstack:<package>`. */
const patterns = [
  'redis',
  'cache',
  'session',
  'queue',
  'events',
  'rate-limit',
  'discovery',
  'analytics',
] as const;

/** With `value` it adds to a counter, with `change` it raises or lowers a gauge. */
type PatternMessage = { name: string; attributes?: Record<string, string> } & (
  | { value: number }
  | { change: number }
);

/**
 * Turns what the Redis patterns report into metrics: a message
 * `{ name: 'cache.l2_errors', value: 1, attributes }` adds 1 to `shortstack_cache_l2_errors_total`, and
 * `{ name: 'redis.open_connections', change: -1, attributes }` takes 1 from the gauge `shortstack_redis_open_connections`.
 *
 * Whatever is no such message is ignored, since anyone may publish on a channel. Returns a function that unsubscribes.
 */
export function subscribeToPatterns(metrics: Metrics): () => void {
  const instruments = new Map<string, Counter>();

  const add = (message: unknown) => {
    if (!isPatternMessage(message)) return;
    const [kind, value] =
      'value' in message
        ? (['counter', message.value] as const)
        : (['gauge', message.change] as const);
    let instrument = instruments.get(message.name);
    if (!instrument) {
      const name = `shortstack_${message.name.replace(/[^a-zA-Z0-9]+/g, '_')}`;
      instrument = metrics[kind](name, `Reported by the patterns as ${message.name}`);
      instruments.set(message.name, instrument);
    }
    instrument.add(value, message.attributes);
  };

  for (const pattern of patterns) subscribe(`shortstack:${pattern}`, add);
  return () => {
    for (const pattern of patterns) unsubscribe(`shortstack:${pattern}`, add);
  };
}

function isPatternMessage(message: unknown): message is PatternMessage {
  const { name, value, change } = (message ?? {}) as { [key: string]: unknown };
  if (typeof name !== 'string') return false;
  return typeof value === 'number' ? value >= 0 : typeof change === 'number';
}
