import { figure } from './findings.ts';
import type { LoadPlan } from './load-plan.ts';
import { formatKeys } from './parse-keys.ts';
import { countLinks } from './redirect-traffic.ts';

/** What a run does, in one line. */
export function describePlan(plan: LoadPlan): string {
  const { stages, connections, unknownShare, creationShare, editsPerSecond } = plan;
  const rate = Math.max(0, ...(stages ?? []).flatMap(({ from, to }) => [from, to]));
  const share = (value: number) => `${Number((value * 100).toPrecision(3))} %`;
  return [
    `${plan.seconds} s`,
    stages === undefined
      ? `closed loop over ${figure(connections)} connections`
      : `open loop, ${figure(rate)}/s${stages.length > 1 ? ' at most' : ''}, up to ${figure(connections)} connections`,
    ...(plan.keepAlive ? [] : ['no keep-alive']),
    `${figure(countLinks(plan))} links, ${formatKeys(plan.distribution)}`,
    ...(unknownShare > 0 ? [`${share(unknownShare)} unknown slugs`] : []),
    ...(creationShare > 0 ? [`${share(creationShare)} creations`] : []),
    ...(editsPerSecond > 0 ? [`${editsPerSecond} edits/s`] : []),
    `${plan.threads} ${plan.threads === 1 ? 'thread' : 'threads'}`,
  ].join(', ');
}
