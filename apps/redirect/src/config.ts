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
  tracingSettings,
} from '@shortstack/config';

/** Settings of both processes. */
const sharedSettings = {
  ...processSettings,
  ...tracingSettings,
  ...databaseSettings,
  REDIS_CACHE_URL: redisUrl('The cache Redis: links'),
  REDIS_JOBS_URL: redisUrl('This service’s local Redis: clicks and jobs'),
  SPOOL_DIRECTORY: setting.text({
    description: 'Where clicks wait while the local Redis is away; shared by both processes',
  }),
  LINK_TTL_SECONDS: setting.integer({
    description: 'How long a link is cached before it is read again',
    unit: 's',
    default: 300,
    minimum: 1,
  }),
  UNKNOWN_SLUG_TTL_SECONDS: setting.integer({
    description: 'How long it is remembered that a slug is not taken',
    unit: 's',
    default: 30,
    minimum: 1,
  }),
};

export const httpConfig = defineConfig({
  ...sharedSettings,
  ...listenerSettings,
  ...sessionSettings,
  DATABASE_READ_URL: setting.optional(
    setting.url({
      description:
        'One read replica of the server in DATABASE_URL, with the same role: links that no cache has are read there while it lags by less than 2 s',
      protocols: ['postgres', 'postgresql'],
    }),
  ),
  REDIRECT_PROCESSES: setting.integer({
    description:
      'Processes that share the port, each with its own memory for links and its own connections; their internal listeners take the ports from INTERNAL_PORT + 20 on',
    unit: 'processes',
    default: 1,
    minimum: 1,
    maximum: 64,
  }),
  SHORT_ORIGIN: setting.origin({ description: 'Where short links live' }),
  UNLOCK_SECRET: setting.secret({
    description:
      'Signs the grants of password-protected links; the same for all redirect instances',
    minLength: 32,
  }),
  RATE_LIMITS: setting.flag({
    description: 'Whether rate limits apply; off for load tests',
    default: true,
  }),
  COUNTRY_HEADER: setting.optional(
    setting.text({
      description:
        'Header in which a trusted proxy names the visitor’s country (ISO 3166), such as cf-ipcountry',
    }),
  ),
  STALE_IF_ERROR_SECONDS: setting.integer({
    description: 'How long past its TTL a link is served while PostgreSQL is away',
    unit: 's',
    default: 3_600,
    minimum: 0,
  }),
  L1_MAX_ENTRIES: setting.integer({
    description: 'Links kept in memory',
    unit: 'links',
    default: 100_000,
    minimum: 1,
  }),
  L1_MAX_BYTES: setting.integer({
    description: 'Memory for links',
    unit: 'bytes',
    default: 67_108_864,
    minimum: 65_536,
  }),
  SPOOL_MAX_BYTES: setting.integer({
    description:
      'Disk space for waiting clicks; beyond it redirects go on and clicks are counted as dropped',
    unit: 'bytes',
    default: 1_073_741_824,
    minimum: 1_048_576,
  }),
  CLICK_STREAM_MAX_BYTES: setting.integer({
    description: 'Redis memory for waiting clicks; beyond it they go to the spool',
    unit: 'bytes',
    default: 268_435_456,
    minimum: 1_048_576,
  }),
});

export const jobsConfig = defineConfig({
  ...sharedSettings,
  CLICK_RETENTION_DAYS: setting.integer({
    description: 'How long raw clicks are kept; statistics stay',
    unit: 'days',
    default: 90,
    minimum: 1,
  }),
  WARM_UP_LINKS: setting.integer({
    description: 'Links put into the cache after a start',
    unit: 'links',
    default: 10_000,
    minimum: 0,
  }),
});

/** What the program `rebuild-analytics.ts` reads. */
export const rebuildConfig = defineConfig({
  DATABASE_URL: databaseSettings.DATABASE_URL,
  REDIS_HUB_URL: processSettings.REDIS_HUB_URL,
});

export type HttpConfig = ConfigOf<typeof httpConfig>;
export type JobsConfig = ConfigOf<typeof jobsConfig>;

export const readHttpConfig = (): HttpConfig => loadConfig(httpConfig, process.env);
export const readJobsConfig = (): JobsConfig => loadConfig(jobsConfig, process.env);
