import { AppError } from '@shortstack/errors';
import { importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';

const lifetimeSeconds = 60;
const renewBeforeSeconds = 20;

export interface ServiceTokenIssuer {
  /**
   * A token that shows `callee` who calls: a JWT (EdDSA) with `iss` = this service, `aud` = the callee, good for 60 s.
   * Kept and given again until 20 s before it expires, so a call costs no signature.
   */
  issue(callee: string): Promise<string>;
  /** The public half, for `/.well-known/jwks.json` on the internal listener. */
  publicJwks(): JSONWebKeySet;
}

/**
 * Makes the tokens with which one service calls another. A token is good for any request to that callee while it lives;
 * it never leaves the private network.
 *
 * @param options.privateJwk from `generateServiceKey`; all instances of the service share it.
 * @throws AppError `internal` / `SERVICE_KEY_INVALID` for a key that is no Ed25519 private key with a `kid`.
 * @see https://www.rfc-editor.org/rfc/rfc7519 (JWT), https://www.rfc-editor.org/rfc/rfc8037 (EdDSA)
 */
export function createServiceTokenIssuer(options: {
  service: string;
  privateJwk: JWK;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}): ServiceTokenIssuer {
  const { service, privateJwk, now = Date.now } = options;
  const { kid, kty, crv, x } = privateJwk;
  if (!kid || kty !== 'OKP' || crv !== 'Ed25519' || !x || !privateJwk.d) {
    throw new AppError('internal', 'SERVICE_KEY_INVALID', 'The service key is no Ed25519 key.');
  }
  const tokens = new Map<string, { token: Promise<string>; renewAt: number }>();

  async function sign(callee: string, issuedAt: number): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', kid: String(kid), typ: 'JWT' })
      .setIssuer(service)
      .setAudience(callee)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(await importJWK(privateJwk, 'EdDSA'));
  }

  return {
    issue(callee) {
      const seconds = Math.floor(now() / 1000);
      const kept = tokens.get(callee);
      if (kept && seconds < kept.renewAt) return kept.token;
      const token = sign(callee, seconds);
      tokens.set(callee, { token, renewAt: seconds + lifetimeSeconds - renewBeforeSeconds });
      token.catch(() => tokens.delete(callee));
      return token;
    },
    publicJwks: () => ({ keys: [{ kid, kty, crv, x, alg: 'EdDSA', use: 'sig' }] }),
  };
}
