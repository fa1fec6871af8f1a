import type { RedisConnection } from '@shortstack/redis';
import { change } from './change.ts';
import { type createSessionRecords, fieldsOf } from './session-record.ts';
import { sessionScripts } from './session-scripts.ts';
import type { SessionStore } from './session-store.ts';
import {
  codeKey,
  hashOf,
  isSessionId,
  newSecret,
  parseSiteToken,
  parseToken,
  type RandomBytes,
  type SessionAddress,
  sessionKey,
  siteSecretsKey,
} from './session-token.ts';

const codeTtlMs = 60_000;

export interface SiteCodesOptions<Data> {
  redis: RedisConnection;
  records: ReturnType<typeof createSessionRecords<Data>>;
  randomBytes: RandomBytes;
  /** The origin whose codes are redeemed here. */
  site: string | undefined;
}

/**
 * Hands sessions over to another site, whose browser cookies are its own: an authorization code with PKCE. The site's secret
 * lies beside the session, so that a service that redeems codes needs no right to write sessions.
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */
export function createSiteCodes<Data>(
  options: SiteCodesOptions<Data>,
): Pick<SessionStore<Data>, 'issueCode' | 'redeemCode'> {
  const { redis, records, randomBytes, site } = options;
  return {
    async issueCode(token, { site: target, challenge }) {
      const address = parseToken(token);
      if (!address || !isSessionId(challenge)) return null;
      const { secret, id: hash } = newSecret(randomBytes);
      const key = codeKey(address.tag, hash);
      await change(redis, (c) => c.set(key, binding(target, challenge), 'PX', codeTtlMs));
      return siteToken(address, secret);
    },

    async redeemCode(code, verifier) {
      const parsed = parseSiteToken(code);
      if (!parsed || site === undefined || !isSessionId(verifier)) return null;
      const { address, hash } = parsed;
      const { secret, id: secretHash } = newSecret(randomBytes);
      const keys = [codeKey(address.tag, hash), sessionKey(address), siteSecretsKey(address)];
      const args = [binding(site, hashOf(verifier)), site, secretHash];
      const flat = await change(redis, (c) => sessionScripts.redeemCode.run(c, keys, args));
      const session = records.decode(address, fieldsOf(flat as string[]));
      return session && { token: siteToken(address, secret), session };
    },
  };
}

function siteToken({ tag, id }: SessionAddress, secret: string): string {
  return `${tag}.${id}.${secret}`;
}

function binding(site: string, challenge: string): string {
  return `${site} ${challenge}`;
}
