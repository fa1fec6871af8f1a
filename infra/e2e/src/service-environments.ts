import { join } from 'node:path';
import type { ServiceRole } from '@shortstack/db';
import { generateServiceKey } from '@shortstack/discovery';
import type { PortClaim } from '@shortstack/testing';
import { redisUrls } from '../../redis/src/redis-urls.ts';
import type { RedisName, ServiceUser } from '../../redis/src/redis-users.ts';
import { redisPassword, type StackRedis } from './redis-servers.ts';
import type { Origins } from './stack.ts';
import type { StackDatabase } from './stack-database.ts';

/** What the services encrypt sessions with. */
export const sessionEncryptionKeys = 'test:a-key-of-the-end-to-end-tests-only';

/** The kinds of process: each service's HTTP process and jobs process. */
export type ServiceName = ServiceUser;

export type App = 'create' | 'redirect' | 'worker';

const kinds: Record<ServiceName, { app: App; main: string; role: ServiceRole }> = {
  create: { app: 'create', main: 'create/src/main.ts', role: 'create' },
  'create-jobs': { app: 'create', main: 'create/src/jobs.ts', role: 'create' },
  redirect: { app: 'redirect', main: 'redirect/src/main.ts', role: 'redirect' },
  'redirect-jobs': { app: 'redirect', main: 'redirect/src/jobs.ts', role: 'redirectJobs' },
  worker: { app: 'worker', main: 'worker/src/main.ts', role: 'worker' },
  'worker-jobs': { app: 'worker', main: 'worker/src/jobs.ts', role: 'worker' },
};

export interface ServiceEnvironmentsOptions {
  /** For the spool. */
  directory: string;
  ports: PortClaim;
  database: StackDatabase;
  redis: Readonly<Record<RedisName, StackRedis>>;
  rateLimits: 'on' | 'off';
  /** How many of each; default 1. */
  instances: Partial<Record<ServiceName, number>>;
  /** The host in the origin of each service; default 127.0.0.1. */
  hosts: Partial<Record<App, string>>;
}

export interface DescribedProcess {
  name: string;
  main: string;
  env: Record<string, string>;
  origin: string;
  internalUrl: string;
}

/**
 * What each process is told. The origins are those of each service's first instance; further ones know the same
 * origins, as if a load balancer stood before them, and are reached by their own.
 */
export async function serviceEnvironments(options: ServiceEnvironmentsOptions): Promise<{
  origins: Origins;
  environments: Record<ServiceName, DescribedProcess[]>;
}> {
  const { directory, ports, database, redis, rateLimits } = options;
  const names = Object.keys(kinds) as ServiceName[];
  const placed = names.flatMap((service) =>
    Array.from({ length: options.instances[service] ?? 1 }, (_, index) => ({
      service,
      name: `${service}-${index + 1}`,
      // A jobs process has no public listener.
      port: service.endsWith('-jobs') ? 0 : ports.next(),
      internalPort: ports.next(),
    })),
  );
  const originOf = (service: App): string => {
    const first = placed.find((process) => process.service === service);
    return `http://${options.hosts[service] ?? '127.0.0.1'}:${first?.port ?? ports.next()}`;
  };
  const origins: Origins = {
    appOrigin: originOf('create'),
    shortOrigin: originOf('redirect'),
    opsOrigin: originOf('worker'),
  };
  const keys: Record<App, string> = {
    create: JSON.stringify(await generateServiceKey()),
    redirect: JSON.stringify(await generateServiceKey()),
    worker: JSON.stringify(await generateServiceKey()),
  };

  const describe = (process: (typeof placed)[number]): DescribedProcess => {
    const { service, name, port, internalPort } = process;
    const { app, main, role } = kinds[service];
    const internalUrl = `http://127.0.0.1:${internalPort}`;
    return {
      name,
      main,
      origin: port === 0 ? '' : `http://127.0.0.1:${port}`,
      internalUrl,
      env: {
        INSTANCE_ID: name,
        HOST: '127.0.0.1',
        PORT: `${port}`,
        INTERNAL_HOST: '127.0.0.1',
        INTERNAL_PORT: `${internalPort}`,
        ADVERTISE_URL: internalUrl,
        APP_ORIGIN: origins.appOrigin,
        SHORT_ORIGIN: origins.shortOrigin,
        OPS_ORIGIN: origins.opsOrigin,
        RATE_LIMITS: rateLimits,
        DATABASE_URL: database.urlFor(role),
        ...redisUrls(service, {
          addressOf: (server) => `127.0.0.1:${redis[server].servicesPort}`,
          passwordOf: redisPassword,
        }),
        SESSION_ENCRYPTION_KEYS: sessionEncryptionKeys,
        SERVICE_PRIVATE_KEY: keys[app],
        SPOOL_DIRECTORY: join(directory, 'spool'),
        UNLOCK_SECRET: 'a secret of the end-to-end tests only',
      },
    };
  };
  const of = (service: ServiceName) =>
    placed.filter((process) => process.service === service).map(describe);
  return {
    origins,
    environments: {
      create: of('create'),
      'create-jobs': of('create-jobs'),
      redirect: of('redirect'),
      'redirect-jobs': of('redirect-jobs'),
      worker: of('worker'),
      'worker-jobs': of('worker-jobs'),
    },
  };
}
