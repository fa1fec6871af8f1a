import type { HttpClient } from '../http-client.ts';
import { type Caller, caller } from '../people.ts';
import type { ServiceName } from '../service-environments.ts';
import type { ServiceProcess } from '../service-process.ts';
import type { Origins, Stack } from '../stack.ts';
import type { LocalStack } from '../start-stack.ts';

export const httpServices = ['create', 'redirect', 'worker'] as const;
export const jobsServices = ['create-jobs', 'redirect-jobs', 'worker-jobs'] as const;

/** One of two versions of all services on the same servers, reached by the origins of its own processes. */
export interface Version extends Origins {
  readonly name: string;
  /** One by one, as in a rolling restart. */
  start(services: readonly ServiceName[]): Promise<void>;
  /** SIGTERM to all. Rejects if one doesn't end by itself. */
  stop(services: readonly ServiceName[]): Promise<void>;
  process(service: ServiceName): ServiceProcess;
}

/** The version whose processes are, in each service, those at `index`. */
export function versionAt(stack: LocalStack, name: string, index: number): Version {
  const process = (service: ServiceName): ServiceProcess => {
    const found = stack.services[service][index];
    if (!found) throw new Error(`${service} has no instance ${index + 1}.`);
    return found;
  };
  return {
    name,
    appOrigin: process('create').origin,
    shortOrigin: process('redirect').origin,
    opsOrigin: process('worker').origin,
    process,
    async start(services) {
      for (const service of services) await process(service).start();
    },
    async stop(services) {
      const stopOne = async (service: ServiceName) => {
        const exit = await process(service).stop();
        if (exit.code !== 0) throw new Error(`${service}, ${name}, ended: ${JSON.stringify(exit)}`);
      };
      await Promise.all(services.map(stopOne));
    },
  };
}

/** The same person at another version. */
export function at(http: HttpClient, stack: Stack, version: Version, person: Caller): Caller {
  return caller(http, version, { ...person.headers, origin: stack.appOrigin });
}
