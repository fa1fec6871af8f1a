import { randomBytes as secureRandomBytes } from 'node:crypto';
import { unavailable } from '@shortstack/errors';
import { isReadOnlyError, type RedisClient, type RedisConnection } from '@shortstack/redis';
import { checkSessionLimits } from './check-session-limits.ts';
import { report } from './report.ts';
import type { SessionData } from './session.ts';
import { createSessionRecords, fieldsOf } from './session-record.ts';
import { sessionScripts } from './session-scripts.ts';
import type { SessionStore, SessionStoreOptions } from './session-store.ts';
import {
  isSessionId,
  isTag,
  newSecret,
  parseToken,
  type SessionAddress,
  sessionIndexKey,
  sessionKey,
  sessionKeyPrefix,
} from './session-token.ts';
import { createTouchThrottle } from './touch-throttle.ts';

/** Creates a store. Throws a RangeError for durations that contradict each other. Opens nothing, so there is nothing to close. */
export function createSessionStore<Data = SessionData>(
  options: SessionStoreOptions<Data>,
): SessionStore<Data> {
  const { redis, randomBytes = secureRandomBytes } = options;
  checkSessionLimits(options);
  const idleMs = options.idleTtlSeconds * 1_000;
  const absoluteMs = options.absoluteTtlSeconds * 1_000;
  const touchIntervalMs = options.touchIntervalSeconds * 1_000;
  const mayTouch = createTouchThrottle({ intervalMs: touchIntervalMs, now: options.now });
  const records = createSessionRecords(options.codec, idleMs);

  function touchInBackground(address: SessionAddress): void {
    if (!mayTouch(address.id)) return;
    const keys = [sessionKey(address), sessionIndexKey(address.tag)];
    redis
      .run((client) =>
        sessionScripts.touch.run(client, keys, [address.id, idleMs, touchIntervalMs]),
      )
      .catch(() => report('session.touch_failures'));
  }

  async function end(address: SessionAddress): Promise<boolean> {
    const keys = [sessionKey(address), sessionIndexKey(address.tag)];
    return (await change(redis, (c) => sessionScripts.end.run(c, keys, [address.id]))) === 1;
  }

  return {
    async create({ userId, tag, data }) {
      if (!isTag(tag)) throw new RangeError('A session needs a tag made by newSessionTag');
      const { secret, id } = newSecret(randomBytes);
      const keys = [sessionKey({ tag, id }), sessionIndexKey(tag)];
      const limits = [idleMs, absoluteMs, options.maxSessionsPerUser];
      const fields = records.encode({ userId, data });
      const createdAtMs = await change(redis, (client) =>
        sessionScripts.create.run(client, keys, [id, sessionKeyPrefix(tag), ...limits, ...fields]),
      );
      const session = records.started({ tag, id }, { userId, data }, Number(createdAtMs));
      return { token: `${tag}.${secret}`, session };
    },

    async read(token) {
      const address = parseToken(token);
      if (!address) return null;
      const fields = await redis.run((client) => client.hgetall(sessionKey(address)));
      const session = records.decode(address, fields);
      if (session) touchInBackground(address);
      return session;
    },

    async update(token, fields) {
      const address = parseToken(token);
      if (!address) return false;
      const pairs = records.encode({ data: fields });
      const keys = [sessionKey(address)];
      return (await change(redis, (c) => sessionScripts.update.run(c, keys, pairs))) === 1;
    },

    async rotate(token) {
      const old = parseToken(token);
      if (!old) return null;
      const { secret, id } = newSecret(randomBytes);
      const address = { tag: old.tag, id };
      const keys = [sessionKey(old), sessionKey(address), sessionIndexKey(old.tag)];
      const flat = await change(redis, (c) => sessionScripts.rotate.run(c, keys, [old.id, id]));
      const session = records.decode(address, fieldsOf(flat as string[]));
      return session && { token: `${old.tag}.${secret}`, session };
    },

    async end(token) {
      const address = parseToken(token);
      return address !== null && end(address);
    },

    async endById(tag, id) {
      return isTag(tag) && isSessionId(id) && end({ tag, id });
    },

    async endAll(tag) {
      if (!isTag(tag)) return 0;
      const keys = [sessionIndexKey(tag)];
      const prefix = sessionKeyPrefix(tag);
      return Number(await change(redis, (c) => sessionScripts.endAll.run(c, keys, [prefix])));
    },

    async list(tag) {
      if (!isTag(tag)) return [];
      return redis.run(async (client) => {
        const ids = await client.zrevrange(sessionIndexKey(tag), 0, -1);
        const found = await Promise.all(
          ids.map(async (id) =>
            records.decode({ tag, id }, await client.hgetall(sessionKey({ tag, id }))),
          ),
        );
        return found.filter((session) => session !== null);
      });
    },
  };
}

/** A change that a read-only Redis refuses is an outage to the caller, too. */
async function change<T>(redis: RedisConnection, command: (client: RedisClient) => Promise<T>) {
  try {
    return await redis.run(command);
  } catch (error) {
    if (!isReadOnlyError(error)) throw error;
    throw unavailable('SESSIONS_READ_ONLY', 'Sessions can’t be changed at the moment.', {
      cause: error,
    });
  }
}
