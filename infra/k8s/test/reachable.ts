import { type Manifest, type Selector, selects, type Workload } from './manifest.ts';

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number; endPort?: number }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string };
}
export interface Policy {
  name: string;
  podSelector: Selector;
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

export function policiesOf(manifests: readonly Manifest[]): Policy[] {
  return manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ metadata, spec }) => ({ name: metadata.name, ...(spec as Omit<Policy, 'name'>) }));
}

/**
 * Who may open a connection to which declared port of whom, as `from → to:port`; `*` is any address. Both ends must allow it, each by any
 * of its policies.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function reachable(workloads: readonly Workload[], policies: readonly Policy[]): string[] {
  const rules = (workload: Workload, direction: 'ingress' | 'egress') =>
    policies
      .filter(({ podSelector }) => selects(podSelector, workload.labels))
      .flatMap((policy) => policy[direction] ?? []);
  const isOpen = ({ ports }: Rule, port: number) =>
    ports === undefined ||
    ports.some((each) => each.port <= port && port <= (each.endPort ?? each.port));
  const isPeer = (peers: Peer[] | undefined, { labels }: Workload) =>
    peers === undefined ||
    peers.some(
      ({ podSelector, namespaceSelector }) =>
        podSelector !== undefined && !namespaceSelector && selects(podSelector, labels),
    );

  const paths = workloads.flatMap((to) =>
    to.containers
      .flatMap(({ ports = [] }) => ports)
      .flatMap(({ containerPort: port }) => {
        const welcoming = rules(to, 'ingress').filter((rule) => isOpen(rule, port));
        const anyone = welcoming.some(({ from }) => from === undefined);
        const callers = workloads
          .filter((from) => welcoming.some((rule) => isPeer(rule.from, from)))
          .filter((from) =>
            rules(from, 'egress').some((rule) => isOpen(rule, port) && isPeer(rule.to, to)),
          );
        return [...(anyone ? ['*'] : []), ...callers.map(({ name }) => name)].map(
          (from) => `${from} → ${to.name}:${port}`,
        );
      }),
  );
  return paths.toSorted();
}
