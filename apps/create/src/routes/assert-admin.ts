import { AppError } from '@shortstack/errors';
import type { FastifyRequest } from 'fastify';

/** An `onRequest` hook, after `requireSignIn`. @throws AppError `forbidden` / `ADMIN_REQUIRED` */
export async function assertAdmin({ session }: FastifyRequest): Promise<void> {
  const { data } = await session.require();
  if (data.role === 'admin') return;
  throw new AppError('forbidden', 'ADMIN_REQUIRED', 'This is for administrators only.');
}
