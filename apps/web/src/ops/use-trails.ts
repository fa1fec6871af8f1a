import { useRef } from 'react';
import type { SystemModel } from './system-model.ts';

/** A minute and a half of snapshots. */
const maxPoints = 45;

/** How the first figure of each process went since the page was opened, by the process's key. `at` tells one snapshot from the next. */
export function useTrails(
  model: SystemModel,
  at: string | undefined,
): ReadonlyMap<string, number[]> {
  const trails = useRef<{ at: string | undefined; points: Map<string, number[]> }>(null);
  trails.current ??= { at: undefined, points: new Map() };
  const { points } = trails.current;
  if (trails.current.at !== at) {
    trails.current.at = at;
    for (const { key, headline } of model.rooms.flatMap(({ processes }) => processes)) {
      if (headline === null) continue;
      points.set(key, [...(points.get(key) ?? []).slice(1 - maxPoints), headline.amount]);
    }
  }
  return points;
}
