import { unavailable } from '@shortstack/errors';
import type { FastifyRequest } from 'fastify';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * An `onRequest` hook that refuses what would write to PostgreSQL while maintenance lasts: 503 `MAINTENANCE`. Signing in and out goes on, since it
 * touches sessions alone; so do changing the settings, or it would never end, and replacing the key of access tokens, which may be urgent.
 */
export function refuseWrites(isMaintenance: () => boolean) {
  return async ({ method, routeOptions }: FastifyRequest): Promise<void> => {
    if (reads.has(method) || mayWrite(routeOptions.url)) return;
    assertWritable(isMaintenance());
  };
}

/** @throws AppError `unavailable` / `MAINTENANCE` */
export function assertWritable(isMaintenance: boolean): void {
  if (!isMaintenance) return;
  throw unavailable(
    'MAINTENANCE',
    'Nothing can be changed at the moment: maintenance is under way. Links are followed as always.',
    { retryAfterSeconds: 30 },
  );
}

function mayWrite(route = ''): boolean {
  // A page says so in its own way.
  if (route === '/sign-in' || route === '/register' || route === '/api/settings') return true;
  if (route === '/api/auth/register' || route.startsWith('/api/auth/identities')) return false;
  return route.startsWith('/api/auth/');
}
