import type { AppServer } from '@shortstack/server';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';

export interface RefillCodePoolOptions {
  /** Lets create alone pass, or throws. */
  authorize: (request: FastifyRequest) => Promise<void>;
  /** Adds the job that fills the pool. Rejects with kind `unavailable` while the queue is away. */
  requestRefill: () => Promise<void>;
}

/** `POST /internal/code-pool/refill`, for create alone: 202 as soon as the job is queued. Asking often does no harm. */
export function refillCodePool(
  app: AppServer,
  { authorize, requestRefill }: RefillCodePoolOptions,
): void {
  const schema = { response: { 202: Type.Object({ status: Type.String() }) } };
  const path = '/internal/code-pool/refill';
  app.post(path, { onRequest: authorize, schema }, async (_request, reply) => {
    await requestRefill();
    return reply.code(202).send({ status: 'queued' });
  });
}
