import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { type ServiceName, serviceNames } from '../../services/src/services.ts';
import { aclFile } from '../src/acl-file.ts';
import { type RedisName, redisNames, type ServiceUser, serviceUsers } from '../src/redis-users.ts';
import { connectAs, passwordOf, startServers } from './start-servers.ts';

const ports = await startServers();
const admin = (server: RedisName) => signIn(server, 'admin');
const signIn = (server: RedisName, username: ServiceUser | 'admin' | 'health') =>
  connectAs(ports[server], { username, password: passwordOf(server, username) });

/** What nobody but `admin` may do on any server. */
const administration = [
  ...['FLUSHALL', 'FLUSHDB', 'KEYS *', 'SCAN 0', 'RANDOMKEY', 'DBSIZE', 'SWAPDB 0 1', 'SELECT 1'],
  ...['CONFIG GET maxmemory', 'CONFIG SET maxmemory 1', 'CONFIG REWRITE', 'CONFIG RESETSTAT'],
  ...['SHUTDOWN NOSAVE', 'DEBUG SLEEP 0', 'SAVE', 'BGREWRITEAOF', 'MONITOR', 'REPLICAOF NO ONE'],
  ...['ACL SETUSER intruder on', 'ACL LIST', 'ACL DELUSER admin', 'ACL LOAD'],
  ...['CLIENT KILL TYPE normal', 'SCRIPT FLUSH', 'FUNCTION FLUSH', 'MODULE LIST', 'SLOWLOG RESET'],
  ...['MIGRATE 127.0.0.1 1 key 0 1', 'PSUBSCRIBE *', 'SUBSCRIBE __keyspace@0__:any'],
];

const users: ServiceUser[] = redisNames.flatMap(serviceUsers);

/** One key of each kind that there is, wherever it lives. */
const keys = {
  session: 'session:{tag}:id',
  sessionIndex: 'session:{tag}:index',
  code: 'session:{tag}:code:hash',
  siteSecrets: 'session:{tag}:id:sites',
  registry: 'registry:{instances}:index',
  events: 'hub:events',
  eventState: '{hub:events}:state',
  positions: '{hub:events}:positions',
  handledEvents: '{hub:events}:seen:create-metadata',
  othersHandledEvents: '{hub:events}:seen:another-group',
  rateLimit: 'ratelimit:login-account:someone',
  leaderboard: 'redirect:leaderboard:{clicks}:day:0',
  visitors: 'redirect:visitors:{1}:day:0',
  watchedLinks: 'clicks:live:watched',
  link: 'redirect:link:hello',
  stats: 'create:stats:1',
  clicks: 'redirect:clicks',
  unknown: 'another:key',
  ...recordOf(serviceNames),
  ...queueOf(serviceNames),
};
type Key = keyof typeof keys;

/** What each service writes of its instances, `createRecord` and so on. */
function recordOf(names: readonly ServiceName[]) {
  return Object.fromEntries(
    names.map((name) => [`${name}Record`, `registry:{instances}:record:${name}/1`]),
  ) as Record<`${ServiceName}Record`, string>;
}

/** `createQueue` and so on. */
function queueOf(names: readonly ServiceName[]) {
  return Object.fromEntries(
    names.map((name) => [`${name}Queue`, `{${name}}:${name}-work:wait`]),
  ) as Record<`${ServiceName}Queue`, string>;
}

/** Which of them each user may touch at all; and some of what it may not do to those. */
const registry: Key[] = ['registry', ...serviceNames.map((name): Key => `${name}Record`)];
const changing = [
  ...[`HSET ${keys.session} a b`, `SET ${keys.session} 1`, `DEL ${keys.session}`],
  ...[`GETDEL ${keys.session}`, `ZADD ${keys.session} 1 a`, `RENAME ${keys.session} a`],
  ...[`HDEL ${keys.session} a`, `PERSIST ${keys.session}`, `SET ${keys.code} 1`],
  ...[`ZRANGE ${keys.sessionIndex} 0 -1`, `DEL ${keys.siteSecrets}`],
  ...['PUBLISH session:ended hello', 'SUBSCRIBE session:ended'],
];
/** Speaking for other services in the registry. */
const posing = (service: ServiceName) =>
  serviceNames
    .filter((name) => name !== service)
    .map((name) => keys[`${name}Record`])
    .flatMap((key) => [`SET ${key} {}`, `DEL ${key}`]);
const own: Record<string, { keys: Key[]; denied?: string[] }> = {
  'session create': { keys: ['session', 'sessionIndex', 'code', 'siteSecrets'] },
  'session redirect': {
    keys: ['session', 'sessionIndex', 'code', 'siteSecrets'],
    denied: changing,
  },
  'session worker': { keys: ['session', 'sessionIndex', 'code', 'siteSecrets'], denied: changing },
  'hub create': {
    keys: [...registry, 'rateLimit', 'leaderboard', 'visitors', 'watchedLinks'],
    denied: [
      `PFADD ${keys.visitors} me`,
      ...posing('create'),
      'PUBLISH clicks:live:1 hello',
      `ZADD ${keys.leaderboard} 1 mine`,
      `EVAL return(redis.call('ZADD',KEYS[1],1,'mine')) 1 ${keys.leaderboard}`,
      `DEL ${keys.rateLimit}`,
      `SMEMBERS ${keys.registry}`,
    ],
  },
  'hub create-jobs': {
    keys: [...registry, 'events', 'eventState', 'handledEvents', 'positions'],
    denied: [
      ...posing('create'),
      `DEL ${keys.events}`,
      `SET ${keys.eventState} 1`,
      'XGROUP DESTROY hub:events other',
    ],
  },
  'hub redirect': {
    keys: [...registry, 'events', 'eventState'],
    denied: [
      ...posing('redirect'),
      ...[`XADD ${keys.events} * a b`, `XTRIM ${keys.events} MAXLEN 0`],
      ...['PUBLISH settings:changed hello', 'SUBSCRIBE clicks:live:1'],
    ],
  },
  'hub redirect-jobs': {
    keys: [...registry, 'leaderboard', 'visitors', 'watchedLinks'],
    denied: [
      ...posing('redirect'),
      `DEL ${keys.leaderboard}`,
      `DEL ${keys.visitors}`,
      'SUBSCRIBE clicks:live:1',
    ],
  },
  'hub worker': {
    keys: registry,
    denied: [...posing('worker'), `SMEMBERS ${keys.registry}`],
  },
  'hub worker-jobs': {
    keys: registry,
    denied: [...posing('worker'), `GETDEL ${keys.registry}`],
  },
  'cache create': { keys: ['link', 'stats'], denied: [`DEL ${keys.link}`, `MGET ${keys.link}`] },
  'cache redirect': { keys: ['link'], denied: [`DEL ${keys.link}`] },
  'cache redirect-jobs': { keys: ['link'], denied: [`DEL ${keys.link}`] },
  'jobs-create create-jobs': { keys: ['createQueue'], denied: [`SORT ${keys.createQueue}`] },
  'jobs-redirect redirect': {
    keys: ['clicks'],
    denied: [`XRANGE ${keys.clicks} - +`, `XTRIM ${keys.clicks} MAXLEN 0`, `DEL ${keys.clicks}`],
  },
  'jobs-redirect redirect-jobs': {
    keys: ['clicks', 'redirectQueue'],
    denied: [`XADD ${keys.clicks} * a b`, `DEL ${keys.clicks}`],
  },
  'jobs-worker worker': { keys: ['workerQueue'], denied: ['SLOWLOG GET', 'ACL LOG'] },
  'jobs-worker worker-jobs': { keys: ['workerQueue'] },
  // `turbo gen service` adds users above this line.
};

/** Reading and writing a key that the user may not touch. */
const touching = (key: string) => [
  ...[`GET ${key}`, `EXISTS ${key}`, `HGETALL ${key}`, `ZRANGE ${key} 0 -1`, `LRANGE ${key} 0 -1`],
  ...[`SMEMBERS ${key}`, `XRANGE ${key} - +`, `MGET ${key}`, `DUMP ${key}`, `TYPE ${key}`],
  ...[`SET ${key} 1`, `DEL ${key}`, `HSET ${key} a b`, `ZADD ${key} 1 a`, `LPUSH ${key} a`],
  ...[`SADD ${key} a`, `XADD ${key} * a b`, `PEXPIRE ${key} 1`, `RENAME ${key} ${key}2`],
  `EVAL return(1) 1 ${key}`,
  `EVAL return(redis.call('GET','${key}')) 0`,
  `EVAL return(redis.call('SET','${key}','1')) 0`,
];

const foreignChannels = ['another:channel', 'registry:{others}:events'];

test('every user of every server is tried', () => {
  const users = redisNames.flatMap((name) => serviceUsers(name).map((user) => `${name} ${user}`));
  expect(Object.keys(own).sort()).toEqual(users.sort());
});

describe.each(Object.entries(own))('%s', (name, { keys: mine, denied = [] }) => {
  const [server, user] = name.split(' ') as [RedisName, ServiceUser];

  test('is refused everything that is not its work', async () => {
    const foreign = Object.entries(keys).filter(([key]) => !mine.includes(key as Key));
    const commands = [
      ...administration,
      ...denied,
      ...foreign.flatMap(([, key]) => touching(key)),
      ...foreignChannels.flatMap((channel) => [`SUBSCRIBE ${channel}`, `PUBLISH ${channel} hello`]),
      ...(server === 'hub'
        ? []
        : ['registry:{instances}:events', 'settings:changed', 'clicks:live:1'].flatMap(
            (channel) => [`SUBSCRIBE ${channel}`, `PUBLISH ${channel} hello`],
          )),
      ...(user.endsWith('-jobs') && server.startsWith('jobs-') ? [] : ['CLIENT LIST']),
    ];
    const client = await signIn(server, user);
    expect(await permitted(client, commands)).toEqual([]);
  });

  test('may see how its server is set up', async () => {
    expect(await (await signIn(server, user)).info()).toMatch(/maxmemory_policy:.*aof_enabled:/s);
  });
});

test.each(redisNames)(
  'on %s nobody gets in without a user and password of that server',
  async (server) => {
    const stranger = await connectAs(ports[server]);
    expect(await permitted(stranger, ['PING', 'GET a', 'INFO'])).toEqual([]);
    const attempts = users.flatMap((user) => [
      ['default', passwordOf(server, user)],
      [user, ''],
      ...redisNames
        .filter((other) => other !== server)
        .map((other) => [user, passwordOf(other, user)]),
    ]);
    for (const [user = '', password = ''] of attempts) {
      await expect(stranger.auth(user, password), `as ${user}`).rejects.toThrow('WRONGPASS');
    }
  },
);

test.each(redisNames)(
  'on %s health may PING and nothing else, and admin everything',
  async (server) => {
    const health = await signIn(server, 'health');
    expect(await health.ping()).toBe('PONG');
    const commands = [...administration, 'INFO', ...Object.values(keys).flatMap(touching)];
    expect(await permitted(health, commands)).toEqual([]);
    expect(await (await admin(server)).acl('WHOAMI')).toBe('admin');
    expect(await (await admin(server)).config('GET', 'aclfile')).toHaveLength(2);
  },
);

test('passwords stand in no ACL file, and no two users have the same', () => {
  const hashes = redisNames.flatMap((server) => {
    const text = aclFile(server, passwordOf);
    for (const user of [...serviceUsers(server), 'admin', 'health'] as const) {
      expect(text).not.toContain(passwordOf(server, user));
    }
    return text.match(/#[0-9a-f]{64}\b/g) ?? [];
  });
  expect(hashes).toHaveLength(redisNames.length * 2 + Object.keys(own).length);
  expect(new Set(hashes).size).toBe(hashes.length);
});

const refusal = /^(NOPERM|NOAUTH) |The user executing the script can't /;

/** Which of these commands the server has not refused for want of a permission or of a user. */
async function permitted(client: Redis, commands: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    commands.map(async (text) => {
      const [command = '', ...args] = text.split(' ');
      return client.call(command, ...args).then(
        (reply) => `${text}: ${JSON.stringify(reply)}`,
        ({ message }: Error) => (refusal.test(message) ? '' : `${text}: ${message}`),
      );
    }),
  );
  return answers.filter((answer) => answer !== '');
}
