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
  /** A bitmap of those that were answered with a redirect. */
  answered: Uint8Array;
  /** And of those that were answered with something else. */
  refused: Uint8Array;
  edits: EditFindings | undefined;
}

/** Links that each thread edits: more than connections, so that none is edited twice at once. */
const editedPerThread = 20;
const editConnections = 8;

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
  const connections = share(plan.connections, plan.threads, thread);
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
    connections,
    pacer:
      plan.stages === undefined
        ? unpaced(endsAt)
        : pacedBy(scaled(plan.stages, (1 - plan.creationShare) / plan.threads), startedAt),
    next: redirects.next,
  });
  const flows: Flow[] = [main];
  if (plan.api !== undefined) {
    const api = apiTraffic(plan, plan.api, thread);
    const { creationShare, stages } = plan;
    if (creationShare > 0) {
      const pacer =
        stages === undefined
          ? following(() => main.sent, creationShare / (1 - creationShare), endsAt)
          : pacedBy(scaled(stages, creationShare / plan.threads), startedAt);
      flows.push(apiFlow(plan.api.origin, { pacer, next: api.creation, connections }));
    }
    if (edits !== undefined) {
      const rate = plan.editsPerSecond / plan.threads;
      const pacer = pacedBy([{ seconds: plan.seconds, from: rate, to: rate }], startedAt);
      const atOnce = Math.min(editConnections, edited.length);
      const next = () => api.edit(edits);
      flows.push(apiFlow(plan.api.origin, { pacer, next, connections: atOnce }));
    }
  }
  await Promise.all(flows.map((flow) => flow.done));
  seconds.stop();
  return {
    issued: redirects.issued,
    answered: redirects.answered.bytes,
    refused: redirects.refused.bytes,
    edits: edits?.findings,
  };
}

/** One thread's of so many: they add up. */
function share(count: number, threads: number, thread: number): number {
  return Math.floor(count / threads) + (thread < count % threads ? 1 : 0);
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
