import type { ServiceRole } from '@shortstack/db';
import type { Grant } from '../../redis/src/grants.ts';

/** What the infrastructure has to know of a service. The laptop, Compose, the hosts and Kubernetes all read it here. */
export interface Service {
  /** Its HTTP process. */
  http?: HttpProcess;
  /** Its jobs process. */
  jobs?: ServiceProcess;
  /** The Redis server of its own. `config`: a file of infra/redis. */
  jobsRedis?: { port: number; config: 'jobs.conf' | 'jobs-redirect.conf' };
}

export interface ServiceProcess {
  internalPort: number;
  /** Its login to PostgreSQL; without one it asks for none. */
  databaseRole?: ServiceRole;
  /** What it may do on which Redis server; `jobs` is the service's own. It has no user on those that are not named. */
  redis: Partial<Record<'session' | 'hub' | 'cache' | 'jobs', readonly Grant[]>>;
  /** The secrets that it is told, beside the URLs of its servers. */
  secrets: readonly (
    | 'session-encryption-keys'
    | 'service-private-key'
    | 'unlock-secret'
    | 'oidc-providers'
  )[];
}

export interface HttpProcess extends ServiceProcess {
  /** Of its public listener. */
  port: number;
}
