import type { SecretPlaces } from '../../docker/src/secret-files.ts';

const sharedRedisPorts: Readonly<Record<string, number>> = {
  session: 6379,
  hub: 6380,
  cache: 6381,
};
const ca = '/run/secrets/ca.pem';

/**
 * Where the servers are: the shared ones under a domain name of their own, over TLS, which the clients check by that
 * name against the site's authority; each local Redis only where its host's own network resolves it.
 */
export function placesIn(domain: string): Pick<SecretPlaces, 'redis' | 'database'> {
  return {
    redis: {
      addressOf: (name) =>
        name in sharedRedisPorts
          ? `${name}.${domain}:${sharedRedisPorts[name]}`
          : `redis-${name}:6379`,
      isSecure: (name) => name in sharedRedisPorts,
    },
    database: `postgres.${domain}:5432/shortstack?sslmode=verify-full&sslrootcert=${ca}`,
  };
}

/** The host names for which a container has to prove itself; undefined for those that nobody reaches over TLS. */
export function certifiedNames(
  container: string,
  domain: string,
): [string, ...string[]] | undefined {
  if (container === 'nginx') return [`app.${domain}`, `short.${domain}`, 'localhost'];
  if (container === 'postgres') return [`postgres.${domain}`];
  const redis = container.replace(/^redis-/, '');
  return redis in sharedRedisPorts ? [`${redis}.${domain}`] : undefined;
}
