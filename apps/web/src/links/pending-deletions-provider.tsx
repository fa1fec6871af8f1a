import { ApiError, orThrow } from '@shortstack/client';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { sayError } from '../api/say-error.ts';
import { useToast } from '../parts/use-toast.ts';
import { createDeferredDeletions } from './deferred-deletions.ts';
import { PendingDeletionsContext } from './pending-deletions.ts';

/** How long a deletion can be undone, and how long its toast says so. */
export const undoMs = 8_000;

export function PendingDeletionsProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const [deletions] = useState(() =>
    createDeferredDeletions({
      async send(slug, isLeaving) {
        const call = api.DELETE('/api/links/{slug}', {
          params: { path: { slug } },
          keepalive: isLeaving,
        });
        await orThrow(call).catch((error: unknown) => {
          // It is gone, which is what was wanted.
          if (!(error instanceof ApiError && error.code === 'LINK_NOT_FOUND')) throw error;
        });
      },
      onSent: () => void queries.invalidateQueries({ queryKey: ['links'] }),
      onFailure: (slug, error) =>
        toasts.show({ kind: 'problem', text: `/${slug} was not deleted. ${sayError(error)}` }),
      delayMs: undoMs,
    }),
  );
  useEffect(() => {
    const onLeave = () => void deletions.flush(true);
    addEventListener('pagehide', onLeave);
    return () => removeEventListener('pagehide', onLeave);
  }, [deletions]);
  return <PendingDeletionsContext value={deletions}>{children}</PendingDeletionsContext>;
}
