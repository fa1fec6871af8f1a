import type { FailedJobs } from '@shortstack/contracts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export type Queue = FailedJobs['queues'][number];

const everyMs = 5_000;
const timeoutMs = 12_000;

async function send(path: string, method = 'GET'): Promise<Response> {
  const answer = await fetch(path, { method, signal: AbortSignal.timeout(timeoutMs) });
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
  throw new Error(problem.detail ?? `Worker answered ${answer.status}.`);
}

/** The queues of a service, with a page of the failed jobs of `queue`, and what can be done about them. */
export function useFailedJobs(service: string, queue: string | undefined, page: number) {
  const queryClient = useQueryClient();
  const search = queue === undefined ? '' : `?${new URLSearchParams({ queue, page: `${page}` })}`;
  const list = useQuery({
    queryKey: ['failed-jobs', service, search],
    queryFn: async () =>
      ((await (await send(`/ops/failed-jobs/${service}${search}`)).json()) as FailedJobs).queues,
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const act = useMutation({
    mutationFn: ({ path, method }: { path: string; method: 'PUT' | 'POST' }) =>
      send(`/ops/queues/${service}${path}`, method),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['failed-jobs', service] }),
  });
  const job = (name: string, rest: string) => `/api/queues/${encodeURIComponent(name)}/${rest}`;
  return {
    queues: list.data,
    error: list.error,
    isBusy: act.isPending,
    actError: act.error,
    retry: (name: string, id: string) =>
      act.mutate({ path: job(name, `${encodeURIComponent(id)}/retry`), method: 'PUT' }),
    retryAll: (name: string) => act.mutate({ path: job(name, 'retry/failed'), method: 'PUT' }),
    replay: () => act.mutate({ path: '/dead-letters/replay', method: 'POST' }),
  };
}
