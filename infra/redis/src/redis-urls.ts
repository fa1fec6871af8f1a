import { type RedisName, redisNames, type ServiceUser, serviceUsers } from './redis-users.ts';

/**
 * The settings by which a process finds its servers: `REDIS_HUB_URL` and so on, one for each server on which it has a
 * user, with that user's name and password.
 */
export function redisUrls(
  user: ServiceUser,
  { addressOf, passwordOf, isSecure = () => false }: RedisPlaces,
): Record<string, string> {
  return Object.fromEntries(
    redisNames
      .filter((server) => serviceUsers(server).includes(user))
      .map((server) => {
        const role = server.startsWith('jobs-') ? 'jobs' : server;
        const scheme = isSecure(server) ? 'rediss' : 'redis';
        const url = `${scheme}://${user}:${passwordOf(server, user)}@${addressOf(server)}`;
        return [`REDIS_${role.toUpperCase()}_URL`, url];
      }),
  );
}

export interface RedisPlaces {
  /** Host and port. */
  addressOf: (server: RedisName) => string;
  /** In characters that need no escaping in a URL. */
  passwordOf: (server: RedisName, user: ServiceUser) => string;
  /** Whether a server is reached over TLS. Default: none is. */
  isSecure?: (server: RedisName) => boolean;
}
