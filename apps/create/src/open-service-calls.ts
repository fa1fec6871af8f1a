import {
  createResolver,
  createServiceClient,
  createServiceTokenIssuer,
  parseServiceKey,
  type Resolver,
  type ServiceClient,
  type ServiceTokenIssuer,
} from '@shortstack/discovery';
import { AppError } from '@shortstack/errors';
import type { RedisConnection } from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';

/** What this service calls others with. @throws AppError `SERVICE_KEY_INVALID` for a key that is none. */
export function openServiceCalls(
  config: { SERVICE_PRIVATE_KEY: string },
  hub: RedisConnection,
  life: ProcessLife,
): { worker: ServiceClient; resolver: Resolver; tokens: ServiceTokenIssuer } {
  const tokens = createServiceTokenIssuer({
    service: 'create',
    privateJwk: parseServiceKey(config.SERVICE_PRIVATE_KEY),
  });
  const resolver = createResolver({ redis: hub });
  life.onClose('resolver', () => resolver.close());
  return { worker: createServiceClient({ resolver, tokens }), resolver, tokens };
}

/** What only instances of this service know: keys are derived from it. @throws AppError `SERVICE_KEY_INVALID` */
export function serviceSecret(config: { SERVICE_PRIVATE_KEY: string }): string {
  const { d } = parseServiceKey(config.SERVICE_PRIVATE_KEY);
  if (typeof d === 'string') return d;
  throw new AppError('internal', 'SERVICE_KEY_INVALID', 'SERVICE_PRIVATE_KEY has no private part.');
}
