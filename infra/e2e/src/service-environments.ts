import { join } from 'node:path';
import { generateServiceKey } from '@shortstack/discovery';
import type { PortClaim } from '@shortstack/testing';
import { redisUrls } from '../../redis/src/redis-urls.ts';
import type { RedisName } from '../../redis/src/redis-users.ts';
import {
  type ServiceName as App,
  type ProcessName,
  type ProcessOfService,
  processes,
  serviceNames,
} from '../../services/src/services.ts';
import { redisPassword, type StackRedis } from './redis-servers.ts';
import type { Origins } from './stack.ts';
import type { StackDatabase } from './stack-database.ts';

/** What the services encrypt sessions with. */
export const sessionEncryptionKeys = 'test:a-key-of-the-end-to-end-tests-only';

/** The kinds of process: each service's HTTP process and jobs process. */
export type ServiceName = ProcessName;

export type { App };

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
  const placed = processes.flatMap((kind) =>
    Array.from({ length: options.instances[kind.name] ?? 1 }, (_, index) => ({
      kind,
      name: `${kind.name}-${index + 1}`,
      port: kind.kind === 'http' ? ports.next() : 0,
      internalPort: ports.next(),
    })),
  );
  const originOf = (service: App): string => {
    const first = placed.find(({ kind }) => kind.name === service);
    return `http://${options.hosts[service] ?? '127.0.0.1'}:${first?.port ?? ports.next()}`;
  };
  const origins: Origins = {
    appOrigin: originOf('create'),
    shortOrigin: originOf('redirect'),
    opsOrigin: originOf('worker'),
  };
  const keys = Object.fromEntries(
    await Promise.all(
      serviceNames.map(async (name) => [name, JSON.stringify(await generateServiceKey())]),
    ),
  ) as Record<App, string>;

  const describe = (process: (typeof placed)[number]): DescribedProcess => {
    const { kind, name, port, internalPort } = process;
    const { databaseRole } = kind.described;
    const internalUrl = `http://127.0.0.1:${internalPort}`;
    return {
      name,
      main: kind.main,
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
        ...(databaseRole && { DATABASE_URL: database.urlFor(databaseRole) }),
        ...redisUrls(kind.name, {
          addressOf: (server) => `127.0.0.1:${redis[server].servicesPort}`,
          passwordOf: redisPassword,
        }),
        SESSION_ENCRYPTION_KEYS: sessionEncryptionKeys,
        SERVICE_PRIVATE_KEY: keys[kind.service],
        SPOOL_DIRECTORY: join(directory, 'spool'),
        UNLOCK_SECRET: 'a secret of the end-to-end tests only',
      },
    };
  };
  const of = ({ name }: ProcessOfService) =>
    placed.filter(({ kind }) => kind.name === name).map(describe);
  return {
    origins,
    environments: Object.fromEntries(processes.map((kind) => [kind.name, of(kind)])) as Record<
      ServiceName,
      DescribedProcess[]
    >,
  };
}
