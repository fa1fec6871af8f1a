/**
 * What one thing that a process does needs of a Redis server. It becomes one selector of the user: its commands on its
 * keys and channels, so that two grants of a user never add up to a third. Scripts need the commands that they call too.
 */
export interface Grant {
  /** Patterns of keys. */
  keys?: readonly string[];
  /** Patterns of pub/sub channels. */
  channels?: readonly string[];
  /** As in an ACL rule, parted by spaces; `@category` for all of a kind, `-` before what is left out of it. */
  commands: string;
}

/**
 * Every process on every server: to connect (also to a Cluster), to be probed, to learn the server's policy and run id, and
 * to use its clock.
 */
export const connection: Grant = {
  commands: 'ping info time client|setname cluster|info cluster|slots',
};

// ── session ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Knows who is signed in, and prolongs sessions in use. It can neither start nor change one: it writes no hash of a session. */
export const readSessions: Grant = {
  keys: ['session:*'],
  commands: 'eval evalsha hget hgetall pttl pexpire',
};

/** Notes in the user's index until when a session was prolonged. */
export const prolongInIndex: Grant = {
  keys: ['session:*:index'],
  commands: 'zadd',
};

/** Takes a code of the other site, once. */
export const takeCodes: Grant = {
  keys: ['session:*:code:*'],
  commands: 'getdel',
};

/** Keeps the hash of its own secret to a session that it got by a code. */
export const keepSiteSecrets: Grant = {
  keys: ['session:*:sites'],
  commands: 'hset pexpireat',
};

/** Hands over, starts, rotates, lists, changes and ends sessions. */
export const keepSessions: Grant = {
  keys: ['session:*'],
  commands:
    'eval evalsha exists set hgetall hmget hset pexpire rename del zadd zrem zcard zscore zrange zrevrange zremrangebyscore',
};

/** Tells that a session has ended. */
export const announceEnds: Grant = {
  channels: ['session:ended'],
  commands: 'publish',
};

// ── hub ────────────────────────────────────────────────────────────────────────────────────────────────────────

const registryKeys = ['registry:{instances}:*'];
const registryChannels = ['registry:{instances}:events'];

/** Enters itself in the registry, and leaves it: as this service alone, since others believe the keys that they find there. */
export function register(service: string): Grant {
  return {
    keys: ['registry:{instances}:index', `registry:{instances}:record:${service}/*`],
    channels: registryChannels,
    commands: 'eval evalsha exists set del sadd srem pexpire publish',
  };
}

/** Finds the instances of other services. */
export const findServices: Grant = {
  keys: registryKeys,
  channels: registryChannels,
  commands: 'eval evalsha srandmember get subscribe unsubscribe',
};

/** Takes instances out of the registry that are gone. */
export const sweepRegistry: Grant = {
  keys: registryKeys,
  channels: registryChannels,
  commands: 'eval evalsha smembers exists srem publish',
};

/** Publishes events, and trims what all have read. */
export const publishEvents: Grant = {
  keys: ['hub:events', '{hub:events}:state'],
  commands:
    'eval evalsha exists hget hset xadd xlen xrange xtrim xpending xinfo|stream xinfo|groups',
};

/** Reads events as one of a group, which handles each once. */
export function consumeEvents(group: string): Grant {
  return {
    keys: [
      'hub:events',
      '{hub:events}:positions',
      `{hub:events}:seen:${group}`,
      `{hub:events}:dead:${group}`,
    ],
    commands:
      'eval evalsha multi exec exists hget hset xinfo|stream xgroup|create xgroup|delconsumer xreadgroup xack xclaim xautoclaim xpending xlen xinfo|groups xinfo|consumers xadd zadd zscore zremrangebyscore zremrangebyrank pexpire',
  };
}

/** Hears every event, as all instances do. */
export const hearEvents: Grant = {
  keys: ['hub:events', '{hub:events}:state'],
  commands: 'eval evalsha exists hget xread xinfo|stream',
};

/** Counts requests against the limits that all instances share. */
export const limitRates: Grant = {
  keys: ['ratelimit:*'],
  commands: 'eval evalsha get set hmget hset pexpire zadd zcard zcount zrange zremrangebyscore',
};

/** Sets leaderboards to the counts of PostgreSQL. */
export const writeLeaderboards: Grant = {
  keys: ['redirect:leaderboard:*'],
  commands: 'eval evalsha get set zadd zcard zremrangebyrank pexpireat',
};

/** Reads the busiest links, and whether they are complete. */
export const readLeaderboards: Grant = {
  keys: ['redirect:leaderboard:*'],
  commands: 'eval evalsha get zunion',
};

const visitorKeys = ['redirect:visitors:*'];

/** Adds visitors to the counts of unique ones. */
export const writeVisitors: Grant = {
  keys: visitorKeys,
  commands: 'eval evalsha get set pfadd pexpireat',
};

/** Reads how many unique visitors there were, and whether all are there. (`PFCOUNT` counts as a write.) */
export const readVisitors: Grant = {
  keys: visitorKeys,
  commands: 'get pfcount',
};

const watchedLinks = ['clicks:live:watched'];

/** Keeps links on the list of those whose clicks somebody looks on at. */
export const watchClicks: Grant = {
  keys: watchedLinks,
  commands: 'eval evalsha zremrangebyscore zcard zscore zadd pexpire',
};

/** Shows clicks to those who look on. */
export const showClicks: Grant = {
  keys: watchedLinks,
  channels: ['clicks:live:*'],
  commands: 'eval evalsha zrange publish',
};

/** Says that settings have changed. */
export const announceSettings: Grant = {
  channels: ['settings:changed'],
  commands: 'publish',
};

/** Hears these channels, and its own echo, by which a subscriber knows that it hears. */
export function hear(...channels: readonly string[]): Grant {
  return { channels: [...channels, 'pubsub:echo:*'], commands: 'subscribe unsubscribe' };
}

/** Calls for its own echo. */
export const callEcho: Grant = {
  channels: ['pubsub:echo:*'],
  commands: 'publish',
};

// ── cache ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Keeps the statistics of links for some seconds. */
export const cacheStats: Grant = {
  keys: ['create:stats:*'],
  commands: 'eval evalsha get set mget',
};

/** Puts links into the cache, never over newer ones. */
export const writeLinks: Grant = {
  keys: ['redirect:link:*'],
  commands: 'eval evalsha get set',
};

/** Reads links from the cache and fills it. */
export const cacheLinks: Grant = {
  keys: ['redirect:link:*'],
  commands: 'eval evalsha get set mget',
};

// ── jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Adds and takes jobs. BullMQ publishes no list of its commands, and its scripts use most of those for each type of
 * value: so they are granted by type, less the dangerous ones, on the keys of this service's queues.
 */
export function workOnQueue(service: string): Grant {
  return {
    keys: [`{${service}}:*`],
    commands:
      '@string @hash @list @set @sortedset @stream -@dangerous eval evalsha script|exists script|load multi exec exists type rename del unlink persist expire pexpire pexpireat ttl pttl',
  };
}

/** Appends clicks, and measures the stream. */
export const recordClicks: Grant = {
  keys: ['redirect:clicks'],
  commands: 'xadd memory|usage',
};

/** Reads clicks, and drops those that PostgreSQL has. */
export const countClicks: Grant = {
  keys: ['redirect:clicks'],
  commands: 'xread xtrim',
};

/**
 * Exports figures of its own server: slow commands and denied ones. (`ACL LOG RESET` can't be left out of `ACL LOG`.) Its board
 * lists who works on the queues.
 */
export const observeServer: Grant = {
  commands: 'slowlog|get slowlog|len acl|log client|list',
};
