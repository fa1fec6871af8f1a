import {
  type JobsRedisName,
  jobsRedis,
  type ProcessName,
  processes,
} from '../../services/src/services.ts';
import type { Grant } from './grants.ts';

export type RedisName = 'session' | 'hub' | 'cache' | JobsRedisName;

/** A user per kind of process. */
export type ServiceUser = ProcessName;

/** Besides the services: `admin` may do everything and is for people, `health` may PING and is for health checks. */
export type RedisUser = ServiceUser | 'admin' | 'health';

export const redisNames = ['session', 'hub', 'cache', ...Object.keys(jobsRedis)] as RedisName[];

/**
 * Who may do what on which server, as infra/services says. A process that is not named has no user there and can't connect.
 * After a change: `npm run redis:acl` writes the files in `acl/`.
 */
export const redisUsers = Object.fromEntries(
  redisNames.map((server) => [server, Object.fromEntries(grantsOn(server))]),
) as Record<RedisName, Partial<Record<ServiceUser, readonly Grant[]>>>;

function grantsOn(server: RedisName): [ServiceUser, readonly Grant[]][] {
  return processes.flatMap(({ name, service, described: { redis } }) => {
    const isOwn = server === `jobs-${service}`;
    const grants = isOwn ? redis.jobs : server.startsWith('jobs-') ? [] : redis[server as 'hub'];
    return grants?.length ? [[name, grants]] : [];
  });
}

/** The services' users on a server. */
export function serviceUsers(server: RedisName): ServiceUser[] {
  return Object.keys(redisUsers[server]) as ServiceUser[];
}
