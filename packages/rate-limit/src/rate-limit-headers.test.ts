import Fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Decision } from './decision.ts';
import { rateLimited, sendRateLimitHeaders } from './rate-limit-headers.ts';

const admitted: Decision = {
  allowed: true,
  limit: 100,
  remaining: 50,
  resetSeconds: 30,
  retryAfterSeconds: 0,
  policy: { name: 'create-user', limit: 100, windowSeconds: 60 },
};
const refused: Decision = { ...admitted, allowed: false, remaining: 0, retryAfterSeconds: 30 };

async function headersOf(decision: Decision) {
  const app = Fastify();
  app.get('/', async (_request, reply) => {
    sendRateLimitHeaders(reply, decision);
    return 'ok';
  });
  const { headers } = await app.inject('/');
  await app.close();
  return headers;
}

test('an admitted request is told the policy and what is left of it', async () => {
  const headers = await headersOf(admitted);
  expect(headers['ratelimit-policy']).toBe('"create-user";q=100;w=60');
  expect(headers.ratelimit).toBe('"create-user";r=50;t=30');
  expect(headers).not.toHaveProperty('retry-after');
});

test('a refused request is told when to come back', async () => {
  const headers = await headersOf(refused);
  expect(headers.ratelimit).toBe('"create-user";r=0;t=30');
  expect(headers['retry-after']).toBe('30');
});

test('the error of a refusal carries the wait', () => {
  expect(rateLimited(refused)).toMatchObject({
    kind: 'rate_limited',
    code: 'RATE_LIMITED',
    retryAfterSeconds: 30,
  });
});
