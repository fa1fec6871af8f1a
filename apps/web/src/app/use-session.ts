import { orThrow } from '@shortstack/client';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';

/** Who is signed in here. Whoever gets a 401, here or from any other call, is led to the sign-in page. */
export function useSession() {
  const api = useApi();
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => orThrow(api.GET('/api/auth/me', { signal })),
    staleTime: 60_000,
  });
}
