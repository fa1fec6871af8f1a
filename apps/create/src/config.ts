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
  webSettings,
} from '@shortstack/config';

/** Settings of both processes. */
const sharedSettings = {
  ...processSettings,
  ...tracingSettings,
  ...databaseSettings,
  SHORT_ORIGIN: setting.origin({ description: 'Where short links live' }),
  SERVICE_PRIVATE_KEY: setting.secret({
    description: 'Signs calls to other services: an Ed25519 private key as a JWK, as JSON',
  }),
};

/** Settings of the HTTP process. */
export const httpConfig = defineConfig({
  ...sharedSettings,
  ...listenerSettings,
  ...sessionSettings,
  ...webSettings,
  REDIS_CACHE_URL: redisUrl('The cache Redis: links and statistics'),
  OPS_ORIGIN: setting.optional(
    setting.origin({ description: 'Where browsers reach the operations pages' }),
  ),
  OIDC_PROVIDERS: setting.optional(
    setting.secret({
      description:
        'Issuers of OpenID Connect to sign in with, in JSON: [{"id", "name", "issuer", "clientId", "clientSecret", "scopes"?}]; each sends back to APP_ORIGIN/api/auth/oidc/<id>/callback',
      minLength: 2,
    }),
  ),
  RATE_LIMITS: setting.flag({
    description: 'Whether rate limits apply; off for load tests',
    default: true,
  }),
  DAILY_LINKS_PER_KEY: setting.integer({
    description: 'How many links one API key may create in a day (UTC)',
    unit: 'links',
    default: 50_000,
    minimum: 1,
    maximum: 1_000_000,
  }),
  LINK_TTL_SECONDS: setting.integer({
    description: 'How long a link is cached before it is read again',
    unit: 's',
    default: 300,
    minimum: 1,
  }),
});

/** Settings of the jobs process. */
export const jobsConfig = defineConfig({
  ...sharedSettings,
  REDIS_JOBS_URL: redisUrl('This service’s local Redis: jobs'),
  METADATA_FETCH: setting.flag({
    description: 'Whether title, description and icon of target pages are read from the web',
    default: true,
  }),
  PAGES_PER_SECOND: setting.integer({
    description: 'How many target pages all jobs processes together begin to read per second',
    unit: 'pages/s',
    default: 20,
    minimum: 1,
  }),
});

export type HttpConfig = ConfigOf<typeof httpConfig>;
export type JobsConfig = ConfigOf<typeof jobsConfig>;

export const readHttpConfig = (): HttpConfig => loadConfig(httpConfig, process.env);
export const readJobsConfig = (): JobsConfig => loadConfig(jobsConfig, process.env);
