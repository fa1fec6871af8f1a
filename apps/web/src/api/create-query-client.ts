import { ApiError } from '@shortstack/client';
import { QueryClient } from '@tanstack/react-query';

/** Who is to wait for longer is told so. */
const maxWaitSeconds = 10;

/**
 * What was read is shown again at once and read anew behind it. What may pass by itself (no network, 5xx, 429) is
 * tried three times more; a refusal is shown.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 3 && mayPass(error),
        retryDelay: (failures, error) =>
          (error instanceof ApiError && (error.retryAfterSeconds ?? 0) * 1_000) ||
          Math.min(500 * 2 ** failures, 4_000),
      },
      // Not while offline either: whoever presses a button is told at once.
      mutations: { networkMode: 'always' },
    },
  });
}

function mayPass(error: Error): boolean {
  if (!(error instanceof ApiError)) return true;
  if ((error.retryAfterSeconds ?? 0) > maxWaitSeconds) return false;
  return error.status >= 500 || error.status === 429;
}
