import {
  type ConfigOf,
  databaseSettings,
  defineConfig,
  listenerSettings,
  loadConfig,
  processSettings,
  redisUrl,
  sessionSettings,
  setting,
  webSettings,
} from '@shortstack/config';

/** Settings of both processes. */
const sharedSettings = {
  ...processSettings,
  REDIS_JOBS_URL: redisUrl('This service’s local Redis: jobs'),
};

/** Settings of the HTTP process. */
export const httpConfig = defineConfig({
  ...sharedSettings,
  ...listenerSettings,
  ...sessionSettings,
  ...webSettings,
  OPS_ORIGIN: setting.origin({ description: 'Where browsers reach the operations pages' }),
  FAULT_SWITCHES_URL: setting.optional(
    setting.origin({
      description: 'Where the operations page finds switches of faults; for a stack on one machine',
    }),
  ),
  FAULT_SWITCHES_TOKEN: setting.optional(
    setting.secret({ description: 'Handed to administrators’ pages, for the switches of faults' }),
  ),
  SERVICE_PRIVATE_KEY: setting.secret({
    description: 'Signs calls to other services: an Ed25519 private key as a JWK, as JSON',
  }),
});

/** Settings of the jobs process. */
export const jobsConfig = defineConfig({
  ...sharedSettings,
  ...databaseSettings,
  CODE_POOL_LOW_BLOCKS: setting.integer({
    description: 'With fewer blocks of 1,000 codes than this, the pool is filled',
    unit: 'blocks',
    default: 20,
    minimum: 1,
  }),
  CODE_POOL_HIGH_BLOCKS: setting.integer({
    description: 'The pool is filled up to this many blocks of 1,000 codes',
    unit: 'blocks',
    default: 50,
    minimum: 1,
  }),
  EXPIRED_LINK_RETENTION_DAYS: setting.integer({
    description: 'How long after its expiry a link is kept before it is deleted',
    unit: 'days',
    default: 30,
    minimum: 0,
  }),
  CLICK_RETENTION_DAYS: setting.integer({
    description: 'How long raw clicks are kept; statistics stay',
    unit: 'days',
    default: 90,
    minimum: 1,
  }),
});

export type HttpConfig = ConfigOf<typeof httpConfig>;
export type JobsConfig = ConfigOf<typeof jobsConfig>;

export const readHttpConfig = (): HttpConfig => loadConfig(httpConfig, process.env);
export const readJobsConfig = (): JobsConfig => loadConfig(jobsConfig, process.env);
