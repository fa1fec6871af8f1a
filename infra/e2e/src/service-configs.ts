import type { ConfigSchema } from '@shortstack/config';
import { type ProcessName, processes } from '../../services/src/services.ts';

interface ConfigModule {
  httpConfig?: ConfigSchema;
  jobsConfig?: ConfigSchema;
}

/** What each process reads from its environment, by its name. */
export const serviceConfigs = Object.fromEntries(
  await Promise.all(
    processes.map(async ({ name, service, kind }) => {
      const file = `../../../apps/${service}/src/config.ts`;
      const { httpConfig, jobsConfig }: ConfigModule = await import(file);
      const config = kind === 'http' ? httpConfig : jobsConfig;
      if (config === undefined) throw new Error(`${service} has no ${kind}Config`);
      return [name, config];
    }),
  ),
) as Record<ProcessName, ConfigSchema>;
