import { randomBytes as secureRandomBytes } from 'node:crypto';
import { change } from './change.ts';
import { checkSessionLimits } from './check-session-limits.ts';
import { createKeyRing } from './key-ring.ts';
import { rememberOpened } from './remember-opened.ts';
import { report } from './report.ts';
import type { SessionData } from './session.ts';
import { createSessionRecords, fieldsOf } from './session-record.ts';
import { sessionScripts } from './session-scripts.ts';
import type { SessionStore, SessionStoreOptions } from './session-store.ts';
import {
  isSessionId,
  isTag,
  newSecret,
  parseSiteToken,
  parseToken,
  type SessionAddress,
  sessionIndexKey,
  sessionKey,
  sessionKeyPrefix,
  siteSecretsKey,
} from './session-token.ts';
import { createSiteCodes } from './site-codes.ts';
import { createTouchThrottle } from './touch-throttle.ts';

/** Creates a store. Throws a RangeError for durations that contradict each other. Opens nothing, so there is nothing to close. */
export function createSessionStore<Data = SessionData>(
  options: SessionStoreOptions<Data>,
): SessionStore<Data> {
  const { redis, site, randomBytes = secureRandomBytes } = options;
  checkSessionLimits(options);
  const idleMs = options.idleTtlSeconds * 1_000;
  const absoluteMs = options.absoluteTtlSeconds * 1_000;
  const touchIntervalMs = options.touchIntervalSeconds * 1_000;
  const mayTouch = createTouchThrottle({ intervalMs: touchIntervalMs, now: options.now });
  const { encryptionKeys } = options;
  const keyRing =
    encryptionKeys === undefined ? undefined : rememberOpened(createKeyRing(encryptionKeys));
  const touch = options.prolongOnly ? sessionScripts.prolong : sessionScripts.touch;
  const records = createSessionRecords({ codec: options.codec, idleMs, keyRing });

  function touchInBackground(address: SessionAddress): void {
    if (!mayTouch(address.id)) return;
    const keys = [sessionKey(address), sessionIndexKey(address.tag)];
    redis
      .run((client) => touch.run(client, keys, [address.id, idleMs, touchIntervalMs]))
      .catch(() => report('session.touch_failures'));
  }

  async function end(address: SessionAddress): Promise<boolean> {
    const keys = [sessionKey(address), sessionIndexKey(address.tag), siteSecretsKey(address)];
    return (await change(redis, (c) => sessionScripts.end.run(c, keys, [address.id]))) === 1;
  }

  return {
    ...createSiteCodes({ redis, records, randomBytes, site }),

    async create({ userId, tag, data }) {
      if (!isTag(tag)) throw new RangeError('A session needs a tag made by newSessionTag');
      const { secret, id } = newSecret(randomBytes);
      const keys = [sessionKey({ tag, id }), sessionIndexKey(tag)];
      const limits = [idleMs, absoluteMs, options.maxSessionsPerUser];
      const fields = records.encode(tag, { userId, data });
      const createdAtMs = await change(redis, (client) =>
        sessionScripts.create.run(client, keys, [id, sessionKeyPrefix(tag), ...limits, ...fields]),
      );
      const session = records.started({ tag, id }, { userId, data }, Number(createdAtMs));
      return { token: `${tag}.${secret}`, session };
    },

    async read(token) {
      const own = parseToken(token);
      const guest = own || site === undefined ? null : parseSiteToken(token);
      const address = own ?? guest?.address;
      if (!address) return null;
      const [fields, hash] = await redis.run((client) =>
        Promise.all([
          client.hgetall(sessionKey(address)),
          guest && site !== undefined ? client.hget(siteSecretsKey(address), site) : undefined,
        ]),
      );
      if (guest && guest.hash !== hash) return null;
      const session = records.decode(address, fields);
      if (session) touchInBackground(address);
      return session;
    },

    async isAlive(tag, id) {
      if (!isTag(tag) || !isSessionId(id)) return false;
      return (await redis.run((client) => client.exists(sessionKey({ tag, id })))) === 1;
    },

    async update(token, fields) {
      const address = parseToken(token);
      if (!address) return false;
      const pairs = records.encode(address.tag, { data: fields });
      const keys = [sessionKey(address)];
      return (await change(redis, (c) => sessionScripts.update.run(c, keys, pairs))) === 1;
    },

    async rotate(token) {
      const old = parseToken(token);
      if (!old) return null;
      const { secret, id } = newSecret(randomBytes);
      const address = { tag: old.tag, id };
      const keys = [
        ...[sessionKey(old), sessionKey(address), sessionIndexKey(old.tag)],
        siteSecretsKey(old),
      ];
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
        const scores = await client.zrevrange(sessionIndexKey(tag), 0, -1, 'WITHSCORES');
        const found = await Promise.all(
          Object.entries(fieldsOf(scores.flat().map(String))).map(async ([id, endMs]) => {
            const fields = await client.hgetall(sessionKey({ tag, id }));
            return records.decode({ tag, id }, fields, Number(endMs));
          }),
        );
        return found.filter((session) => session !== null);
      });
    },
  };
}
