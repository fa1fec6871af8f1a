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
  REDIS_HUB_URL: redisUrl('The hub Redis: the registry'),
  REDIS_JOBS_URL: redisUrl('This service’s local Redis: jobs'),
};

/** Settings of the HTTP process. */
export const httpConfig = defineConfig({
  ...sharedSettings,
  HOST: setting.text({ description: 'Address to listen on', default: '127.0.0.1' }),
  PORT: setting.integer({ description: 'Port to listen on', minimum: 0, maximum: 65_535 }),
  APP_ORIGIN: setting.origin({ description: 'Where people sign in' }),
  OPS_ORIGIN: setting.origin({ description: 'Where browsers reach the operations pages' }),
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
  SERVICE_PRIVATE_KEY: setting.secret({
    description: 'Signs calls to other services: an Ed25519 private key as a JWK, as JSON',
  }),
});

/** Settings of the jobs process. */
export const jobsConfig = defineConfig({
  ...sharedSettings,
  DATABASE_URL: setting.url({
    description: 'PostgreSQL, with this process’s role',
    protocols: ['postgres', 'postgresql'],
  }),
  DATABASE_POOL_SIZE: setting.integer({
    description: 'Connections to PostgreSQL, besides one for partitions',
    unit: 'connections',
    default: 5,
    minimum: 1,
  }),
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
