import { setTimeout as delay } from 'node:timers/promises';
import { accessTokenAudience } from '@shortstack/contracts';
import { accessTokenSeconds, generateServiceKey } from '@shortstack/discovery';
import { unavailable } from '@shortstack/errors';
import { importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { insertTokenKey, listTokenKeys } from './data/token-keys.ts';
import type { Seal } from './domain/seal.ts';
import {
  leadMs,
  nextKeyFrom,
  publishedKeys,
  signingKey,
  type TokenKey,
} from './domain/token-keys.ts';

export interface AccessTokens {
  /** A token of this account, good for five minutes. */
  issue(user: { id: string; role: string }): Promise<{ accessToken: string; expiresAt: Date }>;
  /** The public keys, of the tokens that are good and of the next ones, as they were within the last second; while PostgreSQL is away, as they were then. */
  jwks(): Promise<JSONWebKeySet>;
  /** The same as this instance knows them, looked up again only for a key that it does not know, at most once a second. */
  keysFor(kid: string): Promise<JSONWebKeySet>;
  /**
   * Makes the next key before it is time: published now, it signs in ten minutes. With `revoke` it signs at once, and the tokens of all
   * keys so far are refused: in create as soon as each instance reads the keys again (15 s), elsewhere after 5 minutes at most.
   */
  rotate(options: { revoke: boolean }): Promise<{ kid: string; signsFrom: Date }>;
  close(): void;
}

export interface AccessTokensOptions {
  database: GuardedDatabase;
  /** PostgreSQL has the private keys sealed alone. */
  seal: Seal;
  /** The `iss` of the tokens. */
  issuer: string;
  now: () => Date;
  /** How often the keys are read again. Default 15,000. */
  refreshMs?: number;
  onError: (error: unknown) => void;
}

/** What others need to know at once is read again when it is asked for, but not more often… */
const freshMs = 1_000;
/** …and is not waited for longer: what is in memory serves then. */
const patienceMs = 300;

interface KnownKey extends TokenKey {
  publicJwk: JWK;
  /** Undefined for one that was sealed with another service key than ours. */
  privateJwk: JWK | undefined;
}

/**
 * Makes access tokens: JWTs (EdDSA) that each service checks alone. The keys lie in PostgreSQL, where all instances find the same; they are kept in
 * memory, so that tokens are made and checked while PostgreSQL is away. Whichever instance first sees that it is time
 * makes the next one. Before the first were read, everything rejects with kind `unavailable`.
 */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { database, seal, issuer, now, refreshMs = 15_000, onError } = options;
  let keys: KnownKey[] = [];
  let refreshing: Promise<void> | undefined;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  async function read(): Promise<void> {
    keys = (await listTokenKeys(database)).map(
      ({ generation, publicJwk, sealedPrivateJwk, signsFrom, revokedAt }) => {
        const opened = seal.open(sealedPrivateJwk);
        return {
          ...{ generation, signsFrom, revokedAt, publicJwk },
          kid: String(publicJwk.kid),
          privateJwk: opened === null ? undefined : (JSON.parse(opened) as JWK),
        };
      },
    );
  }

  /** Of those that are published the ones that we can sign with: after a change of the service key there are others’, too. */
  const ownKeys = () =>
    publishedKeys(keys, now()).filter(({ privateJwk }) => privateJwk !== undefined);

  async function add(signsFrom: Date, revokeOthers: boolean): Promise<void> {
    const privateJwk = await generateServiceKey();
    const { d: _secret, ...publicJwk } = privateJwk;
    const generation = (keys.at(-1)?.generation ?? 0) + 1;
    const sealedPrivateJwk = seal.seal(JSON.stringify(privateJwk));
    const key = { generation, publicJwk, sealedPrivateJwk, signsFrom };
    const isStored = await insertTokenKey(database, key, { revokeOthers, now: now() });
    await read();
    // Another instance's key came first: it is revoked with the others by the one after it.
    if (!isStored && revokeOthers) await add(signsFrom, true);
  }

  async function readAndAdd(): Promise<void> {
    await read();
    const signsFrom = nextKeyFrom(ownKeys(), now());
    if (signsFrom !== null) await add(signsFrom, false);
  }

  function refresh(): Promise<void> {
    if (refreshing === undefined) refreshedAt = performance.now();
    refreshing ??= readAndAdd().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  const load = async () => {
    if (keys.length === 0) await refresh();
  };

  async function freshen(): Promise<void> {
    await load();
    if (refreshing === undefined && performance.now() - refreshedAt < freshMs) return;
    await Promise.race([refresh().catch(onError), delay(patienceMs, undefined, { ref: false })]);
  }

  const published = (): JSONWebKeySet => ({
    keys: publishedKeys(keys, now()).map(({ publicJwk }) => publicJwk),
  });

  const timer = setInterval(() => void refresh().catch(onError), refreshMs);
  timer.unref();

  return {
    async issue({ id, role }) {
      await freshen();
      const key = signingKey(ownKeys(), now());
      if (key?.privateJwk === undefined) {
        throw unavailable('TOKEN_KEYS_UNAVAILABLE', 'Access tokens can’t be made at the moment.');
      }
      const seconds = Math.floor(now().getTime() / 1_000);
      const accessToken = await new SignJWT({ role })
        .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(accessTokenAudience)
        .setSubject(id)
        .setIssuedAt(seconds)
        .setNotBefore(seconds)
        .setExpirationTime(seconds + accessTokenSeconds)
        .sign(await importJWK(key.privateJwk, 'EdDSA'));
      return { accessToken, expiresAt: new Date((seconds + accessTokenSeconds) * 1_000) };
    },

    async jwks() {
      await freshen();
      return published();
    },

    async keysFor(kid) {
      await load();
      if (!keys.some((key) => key.kid === kid)) await freshen();
      return published();
    },

    async rotate({ revoke }) {
      await refresh();
      const at = now();
      const waiting = keys.findLast((key) => key.revokedAt === null && key.signsFrom > at);
      if (revoke || waiting === undefined) {
        await add(revoke ? at : new Date(at.getTime() + leadMs), revoke);
      }
      const newest = keys.at(-1);
      if (newest === undefined) throw new Error('No key was stored');
      return { kid: newest.kid, signsFrom: newest.signsFrom };
    },

    close: () => clearInterval(timer),
  };
}
