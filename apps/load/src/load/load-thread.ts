import { following, pacedBy, type Stage, unpaced } from '../generate/pacer.ts';
import { randomFrom } from '../generate/random.ts';
import { type Flow, type FlowOptions, runFlow } from '../generate/run-flow.ts';
import { countSeconds, type Tallies } from '../generate/seconds.ts';
import { apiTraffic } from './api-traffic.ts';
import { type EditFindings, watchEdits } from './edit-watch.ts';
import type { LoadPlan } from './load-plan.ts';
import { countLinks, redirectTraffic } from './redirect-traffic.ts';

/** What a thread knows at its end beside the tallies. */
export interface ThreadResult {
  /** Redirects that it asked for; their ids end in 0 … issued - 1. */
  issued: number;
  /** A bitmap of those that were answered. */
  answered: Uint8Array;
  edits: EditFindings | undefined;
}

/** Links that each thread edits: more than connections, so that none is edited twice at once. */
const editedPerThread = 20;
const apiConnections = 8;

/** One thread's part of a run. `onSecond` gets the tallies of each second, by kind of request. */
export async function runLoadThread(
  plan: LoadPlan,
  thread: number,
  signal: AbortSignal,
  onSecond: (tallies: Tallies, seconds: number) => void,
): Promise<ThreadResult> {
  const random = randomFrom(plan.seed + thread);
  const edited = plan.editsPerSecond > 0 ? editedKeys(plan, thread) : [];
  const edits = edited.length > 0 ? watchEdits(edited) : undefined;
  const redirects = redirectTraffic(plan, thread, random, edits);
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1_000;
  const seconds = countSeconds(onSecond);
  const shared = { ...plan, endsAt, signal, tally: seconds.tally };
  const apiFlow = (origin: string, rest: Pick<FlowOptions, 'pacer' | 'next' | 'connections'>) =>
    runFlow({ ...shared, origin: new URL(origin), ...rest });

  const main = runFlow({
    ...shared,
    origin: new URL(plan.target),
    connections: Math.max(1, Math.round(plan.connections / plan.threads)),
    pacer:
      plan.stages === undefined
        ? unpaced(endsAt)
        : pacedBy(scaled(plan.stages, (1 - plan.creationShare) / plan.threads), startedAt),
    next: redirects.next,
  });
  const flows: Flow[] = [main];
  if (plan.api !== undefined) {
    const api = apiTraffic(plan, plan.api, thread);
    const { creationShare: share, stages } = plan;
    if (share > 0) {
      const pacer =
        stages === undefined
          ? following(() => main.sent, share / (1 - share), endsAt)
          : pacedBy(scaled(stages, share / plan.threads), startedAt);
      flows.push(
        apiFlow(plan.api.origin, { pacer, next: api.creation, connections: apiConnections }),
      );
    }
    if (edits !== undefined) {
      const rate = plan.editsPerSecond / plan.threads;
      const pacer = pacedBy([{ seconds: plan.seconds, from: rate, to: rate }], startedAt);
      const connections = Math.min(apiConnections, edited.length);
      flows.push(apiFlow(plan.api.origin, { pacer, next: () => api.edit(edits), connections }));
    }
  }
  await Promise.all(flows.map((flow) => flow.done));
  seconds.stop();
  return {
    issued: redirects.issued,
    answered: redirects.answered.bytes,
    edits: edits?.findings,
  };
}

function scaled(stages: readonly Stage[], factor: number): Stage[] {
  return stages.map(({ seconds, from, to }) => ({ seconds, from: from * factor, to: to * factor }));
}

/** The most wanted links, each edited by one thread alone. */
function editedKeys(plan: LoadPlan, thread: number): number[] {
  const keys: number[] = [];
  for (let key = thread; key < countLinks(plan); key += plan.threads) {
    if (keys.push(key) === editedPerThread) break;
  }
  return keys;
}
