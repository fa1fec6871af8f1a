import type { ServiceTokenVerifier } from '@shortstack/discovery';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';

export interface RefillCodePoolOptions {
  verifier: ServiceTokenVerifier;
  /** Adds the job that fills the pool. Rejects with kind `unavailable` while the queue is away. */
  requestRefill: () => Promise<void>;
}

/** `POST /internal/code-pool/refill`, for create alone: 202 as soon as the job is queued. Asking often does no harm. */
export function refillCodePool(
  app: AppServer,
  { verifier, requestRefill }: RefillCodePoolOptions,
): void {
  const schema = { response: { 202: Type.Object({ status: Type.String() }) } };
  app.post('/internal/code-pool/refill', { schema }, async (request, reply) => {
    const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
    await verifier.verify(scheme?.toLowerCase() === 'bearer' ? token : undefined, {
      allow: ['create'],
    });
    await requestRefill();
    return reply.code(202).send({ status: 'queued' });
  });
}
