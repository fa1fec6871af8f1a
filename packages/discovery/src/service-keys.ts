import { unavailable } from '@shortstack/errors';
import type { JSONWebKeySet } from 'jose';
import { urlOn } from './instance.ts';
import { readBody } from './read-body.ts';
import { report } from './report.ts';
import type { Resolver } from './resolver.ts';

const maxBytes = 64 * 1024;

export interface ServiceKeysOptions {
  resolver: Resolver;
  /** Where instances have them on their internal listener. Default `/.well-known/jwks.json`. */
  path?: `/${string}`;
  /** How long one fetch may take. Default 1,000. */
  timeoutMs?: number;
  /** How long keys are used before they are fetched again. Default 300,000. */
  cacheMs?: number;
  /** How long after a fetch, successful or not, the same service is not asked again. Default 5,000. */
  coolDownMs?: number;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

export interface ServiceKeys {
  /**
   * The public keys of a service, from one of its instances. Fetched once for all callers of
   * the moment, kept for 5 minutes, fetched earlier for a `kid` that they lack. Keys at hand outlive failing fetches.
   *
   * @throws AppError `unavailable` / `SERVICE_KEYS_UNAVAILABLE` when there are none and none can be had.
   */
  readonly keysOf: (issuer: string, kid: string) => Promise<JSONWebKeySet>;
}

interface Cached {
  keys: JSONWebKeySet | undefined;
  fetchedAt: number;
  triedAt: number;
  fetching: Promise<void> | undefined;
}

/**
 * Finds other services' public keys through discovery. It trusts the registry: whoever may write a service's records in
 * the hub may pose as that service. Where that is too much trust, give the verifier keys from the configuration instead.
 *
 * The cool-down keeps forged key ids from turning into a flood of fetches; a key that was really replaced is
 * known at the latest 5 s after its first use.
 */
export function createServiceKeys(options: ServiceKeysOptions): ServiceKeys {
  const { resolver, timeoutMs = 1_000, cacheMs = 300_000, coolDownMs = 5_000 } = options;
  const { path = '/.well-known/jwks.json' } = options;
  const { fetch = globalThis.fetch, now = Date.now } = options;
  const cache = new Map<string, Cached>();

  async function fetchKeys(issuer: string, cached: Cached): Promise<void> {
    cached.triedAt = now();
    try {
      const instance =
        (await resolver.resolve(issuer).catch(() => undefined)) ??
        (await resolver.resolve(issuer, { process: 'jobs' }));
      const response = await fetch(urlOn(instance, path), {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      const body = await readBody(response, maxBytes);
      if (!response.ok) throw new Error(`Status ${response.status}`);
      cached.keys = parseKeys(body);
      cached.fetchedAt = now();
    } catch {
      report('discovery.key_fetch_failures', { service: issuer });
    }
  }

  return {
    async keysOf(issuer, kid) {
      const cached = cache.get(issuer) ?? newCached();
      cache.set(issuer, cached);
      const fresh = now() - cached.fetchedAt < cacheMs;
      const known = cached.keys?.keys.some((key) => key.kid === kid) ?? false;
      const coolingDown = now() - cached.triedAt < coolDownMs;
      if (!(fresh && known) && (!coolingDown || cached.fetching)) {
        cached.fetching ??= fetchKeys(issuer, cached).finally(() => {
          cached.fetching = undefined;
        });
        await cached.fetching;
      }
      if (cached.keys) return cached.keys;
      throw unavailable('SERVICE_KEYS_UNAVAILABLE', `The keys of ${issuer} can't be had now.`);
    },
  };
}

function newCached(): Cached {
  const never = Number.NEGATIVE_INFINITY;
  return { keys: undefined, fetchedAt: never, triedAt: never, fetching: undefined };
}

function parseKeys(body: string): JSONWebKeySet {
  const value: unknown = JSON.parse(body);
  if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)) {
    return { keys: value.keys };
  }
  throw new Error('No key set');
}
