import { orThrow } from '@shortstack/client';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { sayError } from '../api/say-error.ts';
import { usePendingDeletions } from '../links/pending-deletions.ts';
import { useToast } from '../parts/use-toast.ts';

/** Ends this browser's session, once deletions that can still be undone are sent. */
export function useSignOut() {
  const api = useApi();
  const toasts = useToast();
  const { flush } = usePendingDeletions();
  return useMutation({
    async mutationFn() {
      await flush();
      await orThrow(api.POST('/api/auth/logout'));
    },
    onSuccess: () => window.location.assign('/sign-in'),
    onError: (error) => toasts.show({ kind: 'problem', text: sayError(error) }),
  });
}
