import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Counter, Metrics } from './create-metrics.ts';

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

interface PatternMessage {
  name: string;
  value: number;
  attributes?: Record<string, string>;
}

/**
 * Turns what the Redis patterns report into counters: a message
 * `{ name: 'cache.l2_errors', value: 1, attributes }` adds 1 to `shortstack_cache_l2_errors_total`.
 *
 * Whatever is no such message is ignored, since anyone may publish on a channel. Returns a function that unsubscribes.
 */
export function subscribeToPatterns(metrics: Metrics): () => void {
  const counters = new Map<string, Counter>();

  const add = (message: unknown) => {
    if (!isPatternMessage(message)) return;
    let counter = counters.get(message.name);
    if (!counter) {
      const name = `shortstack_${message.name.replace(/[^a-zA-Z0-9]+/g, '_')}`;
      counter = metrics.counter(name, `Reported by the patterns as ${message.name}`);
      counters.set(message.name, counter);
    }
    counter.add(message.value, message.attributes);
  };

  for (const pattern of patterns) subscribe(`shortstack:${pattern}`, add);
  return () => {
    for (const pattern of patterns) unsubscribe(`shortstack:${pattern}`, add);
  };
}

function isPatternMessage(message: unknown): message is PatternMessage {
  const { name, value } = (message ?? {}) as Partial<PatternMessage>;
  return typeof name === 'string' && typeof value === 'number' && value >= 0;
}
