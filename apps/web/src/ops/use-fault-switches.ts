import type { FaultSwitches } from '@shortstack/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

export interface FaultSwitch {
  name: string;
  /** The process or server that it acts on. */
  unit: string;
  fault: 'hang' | 'slow' | 'stop';
  isOn: boolean;
  secondsLeft: number | null;
}

const everyMs = 1_000;
const timeoutMs = 4_000;

/**
 * The switches of a stack on one machine, asked of its supervisor and not of worker, so that they work whatever hangs. `switches` is
 * undefined where there are none.
 */
export function useFaultSwitches() {
  const queryClient = useQueryClient();
  const endpoint = useQuery({
    queryKey: ['fault-switches-endpoint'],
    queryFn: async () => {
      const answer = await fetch('/ops/switches', { signal: AbortSignal.timeout(timeoutMs) });
      if (!answer.ok) throw new Error(`worker answered ${answer.status}`);
      return ((await answer.json()) as FaultSwitches).switches;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: true,
    retryDelay: 2_000,
  });
  const at = endpoint.data;

  async function ask(path: string, init: RequestInit = {}): Promise<FaultSwitch[]> {
    const answer = await fetch(`${at?.url}/switches${path}`, {
      ...init,
      headers: { authorization: `Bearer ${at?.token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The stack was started anew, with another token.
    if (answer.status === 401) await endpoint.refetch();
    if (!answer.ok) throw new Error(`The supervisor answered ${answer.status}`);
    return ((await answer.json()) as { switches: FaultSwitch[] }).switches;
  }

  const key = ['fault-switches', at?.token];
  const list = useQuery({
    queryKey: key,
    queryFn: () => ask(''),
    enabled: at !== undefined && at !== null,
    refetchInterval: everyMs,
    retry: false,
  });
  const turn = useMutation({
    mutationFn: ({ name, isOn }: { name: string; isOn: boolean }) =>
      ask(`/${name}`, { method: 'PUT', body: JSON.stringify({ isOn }) }),
    onSuccess: (switches) => queryClient.setQueryData(key, switches),
  });
  return {
    switches: list.data,
    isAway: list.isError,
    turn: turn.mutate,
    turning: turn.isPending ? turn.variables.name : undefined,
    hasFailed: turn.isError,
  };
}
