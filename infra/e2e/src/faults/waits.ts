import { ALIVE } from './open-house.ts';
import type { Sample } from './traffic.ts';

/**
 * How much longer requests took than they do otherwise, in milliseconds: beyond nine in ten of their kind in the calm, and
 * beyond the slowest request for nothing (`/livez`) of the same moment, since a busy machine is not what they waited for.
 */
export function waits(
  samples: readonly Sample[],
  calm: readonly Sample[],
): (one: Sample) => number {
  const usual = new Map<string, number>();
  for (const flow of new Set(calm.map((one) => one.flow))) {
    const times = calm.filter((one) => one.flow === flow).map(took);
    usual.set(flow, times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.9)] ?? 0);
  }
  const alive = samples.filter(({ flow }) => flow === ALIVE);
  return (one) => {
    const meanwhile = alive.filter(
      (other) => other.endedAt >= one.sentAt && other.sentAt <= one.endedAt,
    );
    return took(one) - (usual.get(one.flow) ?? 0) - Math.max(0, ...meanwhile.map(took));
  };
}

function took({ sentAt, endedAt }: Sample): number {
  return endedAt - sentAt;
}
