import { create } from './create.ts';
import { redirect } from './redirect.ts';
import type { HttpProcess, Service, ServiceProcess } from './service.ts';
import { worker } from './worker.ts';

const all = {
  create,
  redirect,
  worker,
  // `turbo gen service` adds services above this line.
};

type All = typeof all;
export type ServiceName = keyof All;

/** `create` is the HTTP process of create, `create-jobs` its jobs process. */
export type ProcessName = {
  [Name in ServiceName]:
    | (All[Name] extends { http: object } ? Name : never)
    | (All[Name] extends { jobs: object } ? `${Name}-jobs` : never);
}[ServiceName];

/** The Redis server of a service's own. */
export type JobsRedisName = {
  [Name in ServiceName]: All[Name] extends { jobsRedis: object } ? `jobs-${Name}` : never;
}[ServiceName];

/** Every service there is, in the order in which they are shown and started. */
export const services: Record<ServiceName, Service> = all;
export const serviceNames = Object.keys(all) as ServiceName[];

export interface ProcessOfService {
  name: ProcessName;
  service: ServiceName;
  kind: 'http' | 'jobs';
  /** Relative to the checkout. */
  main: string;
  described: ServiceProcess & Partial<Pick<HttpProcess, 'port'>>;
}

/** Every kind of process. */
export const processes: ProcessOfService[] = serviceNames.flatMap((service) =>
  (['http', 'jobs'] as const).flatMap((kind) => {
    const described = services[service][kind];
    if (described === undefined) return [];
    const [name, file] = kind === 'http' ? [service, 'main'] : [`${service}-jobs`, 'jobs'];
    return [
      {
        name: name as ProcessName,
        service,
        kind,
        main: `apps/${service}/src/${file}.ts`,
        described,
      },
    ];
  }),
);

/** The Redis servers that belong to one service each. */
export const jobsRedis = Object.fromEntries(
  serviceNames.flatMap((service) => {
    const server = services[service].jobsRedis;
    return server === undefined ? [] : [[`jobs-${service}`, server]];
  }),
) as Record<JobsRedisName, NonNullable<Service['jobsRedis']>>;
