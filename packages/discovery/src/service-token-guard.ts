import type { ServiceTokenVerifier } from './service-token-verifier.ts';

/**
 * Makes a check for requests between services, such as an `onRequest` hook of Fastify: lets those pass whose
 * `Authorization: Bearer` token is good for this service and names one of `allow`. Throws what `verify` throws.
 */
export function createServiceTokenGuard(options: {
  verifier: ServiceTokenVerifier;
  allow: readonly string[];
}): (request: { headers: { authorization?: string | undefined } }) => Promise<void> {
  const { verifier, allow } = options;
  return async ({ headers }) => {
    const [scheme, token] = headers.authorization?.split(' ') ?? [];
    await verifier.verify(scheme?.toLowerCase() === 'bearer' ? token : undefined, { allow });
  };
}
