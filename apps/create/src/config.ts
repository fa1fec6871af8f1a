import { hostname } from 'node:os';
import { type ConfigOf, defineConfig, loadConfig, setting } from '@shortstack/config';

const redisUrl = (description: string) =>
  setting.url({ description, protocols: ['redis', 'rediss', 'unix'] });

/** Settings of both processes. */
const sharedSettings = {
  INSTANCE_ID: setting.text({
    description: 'Names this process in answers, logs and the registry',
    default: `${hostname()}-${process.pid}`,
  }),
  VERSION: setting.text({
    description: 'Version that runs here, as the registry shows it',
    default: 'dev',
  }),
  LOG_LEVEL: setting.choice({
    description: 'What is logged',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
  }),
  INTERNAL_HOST: setting.text({
    description: 'Address of the internal listener; never a public one',
    default: '127.0.0.1',
  }),
  INTERNAL_PORT: setting.integer({
    description: 'Port of the internal listener',
    minimum: 0,
    maximum: 65_535,
  }),
  ADVERTISE_URL: setting.url({ description: 'Where other services reach the internal listener' }),
  SHORT_ORIGIN: setting.origin({ description: 'Where short links live' }),
  DATABASE_URL: setting.url({
    description: 'PostgreSQL, with this process’s role',
    protocols: ['postgres', 'postgresql'],
  }),
  DATABASE_POOL_SIZE: setting.integer({
    description: 'Connections to PostgreSQL',
    unit: 'connections',
    default: 10,
    minimum: 1,
  }),
  REDIS_HUB_URL: redisUrl('The hub Redis: events and registry'),
  REDIS_CACHE_URL: redisUrl('The cache Redis: links'),
  SERVICE_PRIVATE_KEY: setting.secret({
    description: 'Signs calls to other services: an Ed25519 private key as a JWK, as JSON',
  }),
};

/** Settings of the HTTP process. */
export const httpConfig = defineConfig({
  ...sharedSettings,
  HOST: setting.text({ description: 'Address to listen on', default: '127.0.0.1' }),
  PORT: setting.integer({ description: 'Port to listen on', minimum: 0, maximum: 65_535 }),
  APP_ORIGIN: setting.origin({ description: 'Where people sign in and manage links' }),
  COOKIE_DOMAIN: setting.optional(
    setting.text({ description: 'Parent domain whose hosts share the session cookie' }),
  ),
  TRUSTED_PROXIES: setting.list({
    description: 'CIDRs of the proxies whose X-Forwarded-For is believed',
    default: [],
  }),
  REDIS_SESSION_URL: redisUrl('The session Redis'),
  SESSION_IDLE_TTL_SECONDS: setting.integer({
    description: 'A session ends after this long without use',
    unit: 's',
    default: 604_800,
    minimum: 60,
  }),
  SESSION_ABSOLUTE_TTL_SECONDS: setting.integer({
    description: 'A session ends after this long in any case',
    unit: 's',
    default: 2_592_000,
    minimum: 60,
  }),
  RATE_LIMITS: setting.flag({
    description: 'Whether rate limits apply; off for load tests',
    default: true,
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
});

export type HttpConfig = ConfigOf<typeof httpConfig>;
export type JobsConfig = ConfigOf<typeof jobsConfig>;

export const readHttpConfig = (): HttpConfig => loadConfig(httpConfig, process.env);
export const readJobsConfig = (): JobsConfig => loadConfig(jobsConfig, process.env);
