import type { Secrets } from '../../local/src/secrets.ts';

type Redis = 'session' | 'hub' | 'cache' | 'jobs-create' | 'jobs-redirect' | 'jobs-worker';

const redises: Redis[] = ['session', 'hub', 'cache', 'jobs-create', 'jobs-redirect', 'jobs-worker'];

/**
 * Every secret file of the Compose stack: path (`<container>/<file>`) → content. A container mounts the directory of
 * its name and no other, so this table says who may know what. The names of servers are those of docker-compose.yml.
 */
export function secretFiles(secrets: Secrets): Record<string, string> {
  const redisPassword = (name: Redis) => secrets.password(`redis-${name}`);
  const redisUrl = (name: Redis) => `redis://:${redisPassword(name)}@redis-${name}:6379`;
  const databaseUrl = (user: string, password: string) =>
    `postgres://${user}:${secrets.password(password)}@postgres:5432/shortstack`;
  const session = {
    'redis-session-url': redisUrl('session'),
    'session-encryption-keys': `local:${secrets.password('session-encryption')}`,
  };
  const hub = { 'redis-hub-url': redisUrl('hub') };
  const cache = { 'redis-cache-url': redisUrl('cache') };
  const jobs = (service: 'create' | 'redirect' | 'worker') => ({
    'redis-jobs-url': redisUrl(`jobs-${service}`),
  });
  const database = (role: string) => ({
    'database-url': databaseUrl(`shortstack_${role.replace('-', '_')}`, `postgres-${role}`),
  });
  const signing = (service: string) => ({
    'service-private-key': secrets.signingKey(`service-${service}`),
  });

  const containers: Record<string, Record<string, string>> = {
    postgres: { password: secrets.password('postgres') },
    migrate: {
      'database-owner-url': databaseUrl('postgres', 'postgres'),
      'database-password-create': secrets.password('postgres-create'),
      'database-password-redirect': secrets.password('postgres-redirect'),
      'database-password-redirect-jobs': secrets.password('postgres-redirect-jobs'),
      'database-password-worker': secrets.password('postgres-worker'),
    },
    create: { ...session, ...hub, ...cache, ...database('create'), ...signing('create') },
    'create-jobs': {
      ...hub,
      ...cache,
      ...jobs('create'),
      ...database('create'),
      ...signing('create'),
    },
    redirect: {
      ...session,
      ...hub,
      ...cache,
      ...jobs('redirect'),
      ...database('redirect'),
      'unlock-secret': secrets.password('redirect-unlock'),
    },
    'redirect-jobs': { ...hub, ...cache, ...jobs('redirect'), ...database('redirect-jobs') },
    worker: { ...session, ...hub, ...jobs('worker'), ...signing('worker') },
    'worker-jobs': { ...hub, ...jobs('worker'), ...database('worker') },
  };
  for (const name of redises) {
    containers[`redis-${name}`] = {
      // Included by the server's configuration, so that no command line shows it …
      'redis.conf': `requirepass ${redisPassword(name)}\n`,
      // … and read by the health check.
      password: redisPassword(name),
    };
  }
  return Object.fromEntries(
    Object.entries(containers).flatMap(([container, files]) =>
      Object.entries(files).map(([file, content]) => [`${container}/${file}`, content]),
    ),
  );
}
