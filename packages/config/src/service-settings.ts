import { hostname } from 'node:os';
import { setting } from './setting.ts';

const redisProtocols = [
  'redis',
  'rediss',
  'unix',
  'redis+cluster',
  'rediss+cluster',
  'redis+sentinel',
  'rediss+sentinel',
];

/** The URL of one of the Redis servers. */
export const redisUrl = (description: string) =>
  setting.url({ description, protocols: redisProtocols });

/** For the Redis URLs that use TLS: one set for all of them, in PEM. */
const redisTlsSettings = {
  REDIS_CA: setting.optional(
    setting.secret({
      description:
        'Who vouches for the certificates of the Redis servers, in PEM; without it, Node’s list',
    }),
  ),
  REDIS_CERT: setting.optional(
    setting.secret({ description: 'This service’s certificate for the Redis servers, in PEM' }),
  ),
  REDIS_KEY: setting.optional(
    setting.secret({ description: 'The private key of REDIS_CERT, in PEM' }),
  ),
};

/** What every process of every service reads. */
export const processSettings = {
  INSTANCE_ID: setting.text({
    description: 'Names this process in answers, logs and the registry',
    default: `${hostname()}-${process.pid}`,
    shownDefault: 'the host’s name and the process id',
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
  ADVERTISE_URL: setting.optional(
    setting.url({
      description:
        'Where other services reach the internal listener; without it, at this host’s name and INTERNAL_PORT',
    }),
  ),
  REDIS_HUB_URL: redisUrl('The hub Redis: events, registry, shared limits, leaderboards'),
  ...redisTlsSettings,
};

/** What a process reads that traces. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.optional(
    setting.url({
      description:
        'An OpenTelemetry collector that takes spans by OTLP over HTTP, such as http://localhost:4318; without it nothing is traced',
    }),
  ),
};

/** What a process reads that asks PostgreSQL. */
export const databaseSettings = {
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
};

/** What a process reads that the public talks to. */
export const listenerSettings = {
  HOST: setting.text({ description: 'Address to listen on', default: '127.0.0.1' }),
  PORT: setting.integer({ description: 'Port to listen on', minimum: 0, maximum: 65_535 }),
  IDLE_CONNECTION_GRACE_SECONDS: setting.integer({
    description:
      'How long connections without a request stay open while this process ends; above the time for which a proxy in front keeps its own idle',
    unit: 's',
    default: 0,
    minimum: 0,
    maximum: 9,
  }),
  APP_ORIGIN: setting.origin({ description: 'Where people sign in and manage links' }),
  TRUSTED_PROXIES: setting.list({
    description:
      'Proxies whose X-Forwarded-For is believed: addresses, CIDRs, or loopback, linklocal, uniquelocal',
    default: [],
  }),
};

/** What a process reads that serves pages of apps/web. */
export const webSettings = {
  WEB_DIRECTORY: setting.optional(
    setting.text({
      description:
        'Where the build of apps/web lies. Default: apps/web/dist of the checkout or the image',
    }),
  ),
};

/** What a process reads that shares sessions. The same values in all services. */
export const sessionSettings = {
  REDIS_SESSION_URL: redisUrl('The session Redis'),
  COOKIE_DOMAIN: setting.optional(
    setting.text({ description: 'Parent domain whose hosts share the session cookie' }),
  ),
  SESSION_ENCRYPTION_KEYS: setting.optional(
    setting.secret({
      description:
        'Encrypts what sessions hold: id:secret,id:secret…, each secret at least 32 random characters; the first encrypts, all decrypt. Setting or removing it signs everybody out',
      minLength: 34,
    }),
  ),
  SESSION_IDLE_TTL_SECONDS: setting.integer({
    description: 'A session ends after this long without use',
    unit: 's',
    default: 604_800,
    minimum: 120,
  }),
  SESSION_ABSOLUTE_TTL_SECONDS: setting.integer({
    description: 'A session ends after this long in any case',
    unit: 's',
    default: 2_592_000,
    minimum: 120,
  }),
};
