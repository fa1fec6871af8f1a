import type { Instance } from './instance.ts';
import { type InstanceDescription, instanceNow } from './register-instance.ts';
import type { Resolver } from './resolver.ts';
import { createServiceKeys } from './service-keys.ts';
import { createServiceTokenGuard } from './service-token-guard.ts';
import { createServiceTokenVerifier } from './service-token-verifier.ts';

/** Where an instance's internal listener answers with its `InstanceStatus`. */
export const statusPath = '/internal/status';

/** What an instance says of itself when it is asked: newer than its record, and proof that it answers. */
export interface InstanceStatus extends Instance {
  readonly isReady: boolean;
  /** What else it tells, in a form of the services' own. */
  readonly details?: unknown;
}

export interface StatusEndpointOptions extends InstanceDescription {
  /** Finds the keys of those who ask. */
  resolver: Resolver;
  /** Who may ask. */
  allow: readonly string[];
  isReady: () => Promise<boolean>;
  /** What else it tells. Must be quick. Default: nothing. */
  details?: () => Promise<unknown>;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

export interface StatusEndpoint {
  /** For a route's `onRequest`. Throws what `ServiceTokenVerifier.verify` throws. */
  authorize: (request: { headers: { authorization?: string | undefined } }) => Promise<void>;
  answer: () => Promise<InstanceStatus>;
}

/** The two halves of the route `GET /internal/status`, for whichever HTTP server a process has. */
export function createStatusEndpoint(options: StatusEndpointOptions): StatusEndpoint {
  const { resolver, allow, isReady, details, now = Date.now } = options;
  const { keysOf } = createServiceKeys({ resolver });
  const verifier = createServiceTokenVerifier({ service: options.instance.service, keysOf });
  return {
    authorize: createServiceTokenGuard({ verifier, allow }),
    answer: async () => ({
      ...instanceNow(options, now()),
      isReady: await isReady(),
      ...(details && { details: await details() }),
    }),
  };
}
