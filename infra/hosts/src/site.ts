import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sorted } from './kinds.ts';

/** All hosts that are brought up together: a name, a place for their files, and what they are told. */
export interface Site {
  /** Begins the name of every project, and of the network between the hosts. */
  readonly name: string;
  /** Holds the vault, and per host a directory with all that this host needs besides the repository. */
  readonly directory: string;
  /** The hosts and servers are called `<something>.<domain>`. */
  readonly domain: string;
  /** Ports of the edge on this machine, over TLS. */
  readonly appPort: number;
  readonly shortPort: number;
  /** Further settings of base.yml, for every host. */
  readonly settings: Readonly<Record<string, string>>;
}

export const root = fileURLToPath(new URL('../../../', import.meta.url));

const passedOn = [
  'RATE_LIMITS',
  'LOG_LEVEL',
  'METADATA_FETCH',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'IMAGE_PREFIX',
  'VERSION',
  'PROMETHEUS_PORT',
  'ALERTMANAGER_PORT',
  'GRAFANA_PORT',
  'JAEGER_PORT',
];

/** The site that the environment describes; see README.md. */
export function siteOf(env: NodeJS.ProcessEnv): Site {
  const chosen = passedOn.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return {
    name: env.HOSTS_NAME ?? 'shortstack-hosts',
    directory: env.HOSTS_DIRECTORY ?? join(root, '.data/hosts'),
    domain: env.HOSTS_DOMAIN ?? 'shortstack.internal',
    appPort: Number(env.APP_PORT ?? 8443),
    shortPort: Number(env.SHORT_PORT ?? 8444),
    settings: Object.fromEntries(chosen),
  };
}

/** The hosts whose files have been laid out, in the order in which they start. */
export function knownHosts(site: Site): string[] {
  if (!existsSync(site.directory)) return [];
  const entries = readdirSync(site.directory).filter((name) => name !== 'vault');
  return sorted(entries);
}

export function directoryOf(site: Site, host: string): string {
  return join(site.directory, host);
}
