import { ApiError, orThrow } from '@shortstack/client';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { sayError } from '../api/say-error.ts';
import { useToast } from '../parts/use-toast.ts';
import { createDeferredDeletions } from './deferred-deletions.ts';
import { PendingDeletionsContext } from './pending-deletions.ts';

export function PendingDeletionsProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const [deletions] = useState(() =>
    createDeferredDeletions({
      async send(slug) {
        const call = api.DELETE('/api/links/{slug}', {
          params: { path: { slug } },
          // The page may be left meanwhile.
          keepalive: true,
        });
        await orThrow(call).catch((error: unknown) => {
          // It is gone, which is what was wanted.
          if (!(error instanceof ApiError && error.code === 'LINK_NOT_FOUND')) throw error;
        });
      },
      // In lists it stays hidden.
      onSent: () => void queries.invalidateQueries({ queryKey: ['links', 'recent'] }),
      onFailure: (slug, error) =>
        toasts.show({ kind: 'problem', text: `/${slug} was not deleted. ${sayError(error)}` }),
    }),
  );
  useEffect(() => {
    const onLeave = () => void deletions.flush();
    addEventListener('pagehide', onLeave);
    return () => removeEventListener('pagehide', onLeave);
  }, [deletions]);
  return <PendingDeletionsContext value={deletions}>{children}</PendingDeletionsContext>;
}
