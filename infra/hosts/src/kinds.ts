import { type ServiceName, serviceNames, services } from '../../services/src/services.ts';

/** A kind of host: the directory of its compose.yml. */
const kinds = ['shared', 'data', ...serviceNames, 'edge', 'watch'] as const;
export type Kind = (typeof kinds)[number];

/** The containers of a host that get secrets, each its own. Those that others need come first. */
export const containersOf: Record<Kind, readonly string[]> = {
  shared: ['redis-session', 'redis-hub', 'redis-cache'],
  data: ['postgres', 'migrate'],
  ...(Object.fromEntries(serviceNames.map((name) => [name, containersOfService(name)])) as Record<
    ServiceName,
    string[]
  >),
  edge: ['nginx'],
  watch: [],
};

/** What runs where nothing else is asked for: all but `watch`. Two hosts redirect, so that either can be restarted. */
export const usualHosts = [
  'shared',
  'data',
  ...serviceNames.flatMap((name) => (name === 'redirect' ? ['redirect-1', 'redirect-2'] : [name])),
  'edge',
];

/** `redirect-2` is a host of the kind `redirect`. Throws for a name of no kind. */
export function kindOf(host: string): Kind {
  const kind = kinds.find((each) => each === host.replace(/-\d+$/, ''));
  if (kind === undefined) {
    throw new Error(
      `There is no host “${host}”: it is one of ${kinds.join(', ')}, or several as in redirect-2.`,
    );
  }
  return kind;
}

/** The processes of the services on a host; all others hold data, or are the edge. */
export function processesOf(host: string): string[] {
  const kind = kindOf(host);
  return containersOf[kind].filter(
    (container) => container === kind || container === `${kind}-jobs`,
  );
}

function containersOfService(name: ServiceName): string[] {
  const { jobsRedis, http, jobs } = services[name];
  return [
    ...(jobsRedis ? [`redis-jobs-${name}`] : []),
    ...(http ? [name] : []),
    ...(jobs ? [`${name}-jobs`] : []),
  ];
}

/** The Redis servers on a host. */
export function redisServersOf(host: string): string[] {
  return containersOf[kindOf(host)].filter((container) => container.startsWith('redis-'));
}

/** In steps: hosts of a step can start at once, each after those of the steps before. */
export function steps(hosts: readonly string[]): string[][] {
  const stepOf = (host: string) => {
    const kind = kindOf(host);
    return kind === 'shared' || kind === 'data' ? 0 : kind === 'edge' ? 2 : 1;
  };
  return [0, 1, 2].map((step) => sorted(hosts).filter((host) => stepOf(host) === step));
}

/** In the order in which they start. */
export function sorted(hosts: readonly string[]): string[] {
  const place = (host: string) => kinds.indexOf(kindOf(host));
  return [...hosts].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
