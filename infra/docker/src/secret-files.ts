import type { Secrets } from '../../local/src/secrets.ts';
import { aclFile } from '../../redis/src/acl-file.ts';
import { type RedisPlaces, redisUrls } from '../../redis/src/redis-urls.ts';
import {
  type RedisName,
  type RedisUser,
  redisNames,
  type ServiceUser,
} from '../../redis/src/redis-users.ts';
import { processes } from '../../services/src/services.ts';

/** Where the servers are, and who may sign in while passwords are being rotated. */
export interface SecretPlaces {
  redis: Pick<RedisPlaces, 'addressOf' | 'isSecure'>;
  /** `host:port/database`, with the parameters of the connection. */
  database: string;
  /** The login that a process uses for a role of the database. Default: the role itself. */
  loginOf?: (role: string) => string;
  /** A password that still holds beside the present one. */
  previousPassword?: (name: string) => string | undefined;
}

/** Those of docker-compose.yml. */
const compose: SecretPlaces = {
  redis: { addressOf: (name) => `redis-${name}:6379` },
  database: 'postgres:5432/shortstack',
};

/**
 * Every secret file of a stack in containers: path (`<container>/<file>`) → content. A container mounts the directory of
 * its name and no other, so this table says who may know what.
 */
export function secretFiles(
  secrets: Secrets,
  places: SecretPlaces = compose,
): Record<string, string> {
  const { loginOf = (role: string) => role, previousPassword = () => undefined } = places;
  const redisPassword = (name: RedisName, user: RedisUser) =>
    secrets.password(`redis-${name}-${user}`);
  // `redis-hub-url` and so on, for each server on which the process has a user.
  const redis = (user: ServiceUser) => {
    const urls = redisUrls(user, {
      ...places.redis,
      passwordOf: redisPassword,
    });
    return Object.fromEntries(
      Object.entries(urls).map(([setting, url]) => [fileName(setting), url]),
    );
  };
  const databaseUrl = (user: string, password: string) =>
    `postgres://${user}:${secrets.password(password)}@${places.database}`;
  // While it is being replaced somebody has written a ring of several keys there.
  const ring = secrets.password('session-encryption');
  const sessionKeys = { 'session-encryption-keys': ring.includes(':') ? ring : `local:${ring}` };
  const database = (role: string) => ({
    'database-url': databaseUrl(
      loginOf(`shortstack_${role.replaceAll('-', '_')}`),
      `postgres-${role}`,
    ),
  });
  const secretOf = (service: string) => ({
    ...sessionKeys,
    'service-private-key': secrets.signingKey(`service-${service}`),
    'unlock-secret': secrets.password('redirect-unlock'),
    'oidc-providers': secrets.given('oidc-providers', '[]'),
  });

  const containers: Record<string, Record<string, string>> = {
    postgres: { password: secrets.password('postgres') },
    migrate: { 'database-owner-url': databaseUrl('postgres', 'postgres') },
  };
  for (const { name, service, described } of processes) {
    const role = described.databaseRole && kebabCase(described.databaseRole);
    if (role) {
      containers.migrate = {
        ...containers.migrate,
        [`database-password-${role}`]: secrets.password(`postgres-${role}`),
      };
    }
    const known = secretOf(service);
    containers[name] = {
      ...redis(name),
      ...(role && database(role)),
      ...Object.fromEntries(described.secrets.map((secret) => [secret, known[secret]])),
    };
  }
  for (const name of redisNames) {
    containers[`redis-${name}`] = {
      'users.acl': aclFile(name, (server, user) => [
        redisPassword(server, user),
        ...[previousPassword(`redis-${server}-${user}`) ?? []].flat(),
      ]),
      'health-password': redisPassword(name, 'health'),
      // For people, who come by `docker compose exec`.
      'admin-password': redisPassword(name, 'admin'),
    };
  }
  return Object.fromEntries(
    Object.entries(containers).flatMap(([container, files]) =>
      Object.entries(files).map(([file, content]) => [`${container}/${file}`, content]),
    ),
  );
}

/** Of the file that a setting `…_FILE` names: REDIS_HUB_URL → redis-hub-url. */
function fileName(setting: string): string {
  return setting.toLowerCase().replaceAll('_', '-');
}

/** Of a role’s name: redirectJobs → redirect-jobs. */
function kebabCase(role: string): string {
  return role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
