import { AppError } from '@shortstack/errors';
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose';

/** How long an access token may live. */
export const accessTokenSeconds = 300;
const clockToleranceSeconds = 5;
const maxLength = 4_096;

export interface AccessTokenVerifier {
  /**
   * Checks a token and returns what it says, `sub` included.
   *
   * @throws AppError `unauthenticated` / `ACCESS_TOKEN_INVALID` for one that is malformed, forged, expired, not yet good, or made by or for
   * somebody else; and whatever `keysOf` throws, such as `unavailable` / `SERVICE_KEYS_UNAVAILABLE`.
   */
  verify(token: string): Promise<JWTPayload & { sub: string }>;
}

export interface AccessTokenVerifierOptions {
  /** Who must have made it: the `iss` of the tokens. */
  issuer: string;
  /** For whom it must have been made. */
  audience: string;
  /** The public keys; `kid` is the one that is needed, so a cache knows when to ask again. */
  keysOf: (kid: string) => Promise<JSONWebKeySet>;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/**
 * Checks the access tokens of people (JWT, EdDSA, `typ` `at+jwt`), without asking whether they are still signed in: so a token counts until it
 * ends, at most 5 minutes. Clocks may differ by 5 s.
 *
 * Cost: one Ed25519 verification, about 0.1 ms.
 * @see https://www.rfc-editor.org/rfc/rfc9068 (JWT access tokens)
 * @see https://www.rfc-editor.org/rfc/rfc8725 (JWT best current practices)
 */
export function createAccessTokenVerifier(
  options: AccessTokenVerifierOptions,
): AccessTokenVerifier {
  const { issuer, audience, keysOf, now = Date.now } = options;
  return {
    async verify(token) {
      const keys = await keysOf(keyIdOf(token));
      try {
        const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
          algorithms: ['EdDSA'],
          typ: 'at+jwt',
          issuer,
          audience,
          requiredClaims: ['sub', 'exp', 'iat'],
          maxTokenAge: accessTokenSeconds,
          clockTolerance: clockToleranceSeconds,
          currentDate: new Date(now()),
        });
        return { ...payload, sub: String(payload.sub) };
      } catch (cause) {
        throw invalidToken(cause);
      }
    },
  };
}

/** The access token of an `Authorization` header; null for anything that can't be one, such as an API key. */
export function accessTokenOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.length > maxLength) return null;
  return /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1] ?? null;
}

function keyIdOf(token: string): string {
  try {
    const { kid } = decodeProtectedHeader(token);
    if (typeof kid === 'string') return kid;
  } catch (cause) {
    throw invalidToken(cause);
  }
  throw invalidToken(undefined);
}

function invalidToken(cause: unknown): AppError {
  return new AppError(
    'unauthenticated',
    'ACCESS_TOKEN_INVALID',
    'This access token is not valid (any more). Get a new one.',
    { cause },
  );
}
