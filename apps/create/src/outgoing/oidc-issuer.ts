import { AppError, unavailable } from '@shortstack/errors';
import * as client from 'openid-client';
import type { OidcProvider } from '../oidc-providers.ts';

/** What binds an answer of the issuer to the browser that was sent there. */
export interface OidcChecks {
  state: string;
  nonce: string;
  verifier: string;
}

/** Who signed in, as the issuer says. */
export interface OidcClaims {
  issuer: string;
  subject: string;
  /** Null unless the issuer says that it has verified it. */
  verifiedEmail: string | null;
  name: string;
}

export interface OidcIssuer {
  readonly provider: OidcProvider;
  /** Where to send a browser, and what to keep of it. Rejects with kind `unavailable`, code `OIDC_UNAVAILABLE`. */
  begin(): Promise<{ url: string; checks: OidcChecks }>;
  /**
   * Takes the answer with which the issuer sent the browser back, once: exchanges the code and checks the ID token (signature, issuer,
   * audience, nonce, times).
   * @throws AppError `forbidden` / `OIDC_DENIED` where the person or the issuer said no, `unauthenticated` / `OIDC_REFUSED` where the answer
   * is not good (any more), `unavailable` / `OIDC_UNAVAILABLE`.
   */
  finish(answer: URL, checks: OidcChecks): Promise<OidcClaims>;
}

export interface OidcIssuerOptions {
  provider: OidcProvider;
  /** Where the issuer sends browsers back to. */
  redirectUri: string;
  /** How long each request to the issuer may take. Default 5. */
  timeoutSeconds?: number;
  /** How long its metadata are used before they are read again. Default an hour. */
  metadataMs?: number;
  /** How long after a failure it is not asked for them again. Default 2,000. */
  coolDownMs?: number;
}

/** Answers that are exchanged at the same time: whoever has a cookie of ours can send any number. */
const maxExchanges = 20;
/** How far the issuer's clock may be off. */
const clockToleranceSeconds = 30;

/**
 * One issuer of OpenID Connect: authorization code with PKCE, state and nonce. It is asked for its metadata when somebody first signs in with
 * it, so that one that is down stops nothing else.
 * @see https://openid.net/specs/openid-connect-core-1_0.html
 * @see https://datatracker.ietf.org/doc/html/rfc9700 (best current practice)
 */
export function createOidcIssuer(options: OidcIssuerOptions): OidcIssuer {
  const { provider, redirectUri, timeoutSeconds = 5 } = options;
  const { metadataMs = 3_600_000, coolDownMs = 2_000 } = options;
  const { issuer, clientId, clientSecret, scopes } = provider;
  let exchanges = 0;
  let known: { configuration: Promise<client.Configuration>; until: number } | undefined;

  function configuration(): Promise<client.Configuration> {
    if (known !== undefined && performance.now() < known.until) return known.configuration;
    const entry = {
      configuration: client.discovery(
        new URL(issuer),
        clientId,
        { client_secret: clientSecret, [client.clockTolerance]: clockToleranceSeconds },
        authenticateAs(clientSecret),
        {
          timeout: timeoutSeconds,
          execute: [
            client.enableNonRepudiationChecks,
            ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
          ],
        },
      ),
      until: performance.now() + metadataMs,
    };
    entry.configuration.catch(() => {
      entry.until = performance.now() + coolDownMs;
    });
    known = entry;
    return entry.configuration;
  }

  const away = (cause: unknown) =>
    unavailable(
      'OIDC_UNAVAILABLE',
      `${provider.name} can’t be reached at the moment. Try again shortly, or sign in with your password.`,
      { cause, retryAfterSeconds: 5 },
    );
  const refused = (cause: unknown) =>
    new AppError(
      'unauthenticated',
      'OIDC_REFUSED',
      `The answer of ${provider.name} is not valid (any more). Start again.`,
      { cause },
    );

  function explain(error: unknown): AppError {
    if (error instanceof client.AuthorizationResponseError) {
      if (awayErrors.has(error.error)) return away(error);
      return new AppError(
        'forbidden',
        'OIDC_DENIED',
        `You were not signed in by ${provider.name}.`,
        {
          cause: error,
        },
      );
    }
    if (error instanceof client.WWWAuthenticateChallengeError) return away(error);
    if (error instanceof client.ResponseBodyError) {
      // Anything else is a mistake of the configuration, such as a wrong client secret.
      return error.error === 'invalid_grant' ? refused(error) : away(error);
    }
    const { code } = error as { code?: string };
    return isAway(error, code) ? away(error) : refused(error);
  }

  return {
    provider,

    async begin() {
      const checks = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const found = await configuration().catch((error: unknown) => {
        throw away(error);
      });
      const url = client.buildAuthorizationUrl(found, {
        redirect_uri: redirectUri,
        scope: scopes,
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, checks };
    },

    async finish(answer, { state, nonce, verifier }) {
      if (exchanges >= maxExchanges) throw away(new Error('Too many exchanges are under way'));
      exchanges += 1;
      try {
        const found = await configuration().catch((error: unknown) => {
          throw away(error);
        });
        const tokens = await client.authorizationCodeGrant(found, answer, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('No ID token');
        const { iss, sub } = claims;
        // Many issuers keep all but the subject for this endpoint.
        const asksMore =
          claims.email === undefined && found.serverMetadata().userinfo_endpoint !== undefined;
        const more = asksMore
          ? await client.fetchUserInfo(found, tokens.access_token, sub)
          : claims;
        const { email, email_verified: isVerified, name } = more;
        // Core 1.0, section 2: at most 255 ASCII characters.
        if (sub.length > 255 || sub.includes('\0')) throw new Error('The subject is none');
        return {
          issuer: iss,
          subject: sub,
          verifiedEmail: isVerified === true ? storable(email, 254) || null : null,
          name: storable(name, 100),
        };
      } catch (error) {
        throw error instanceof AppError ? error : explain(error);
      } finally {
        exchanges -= 1;
      }
    },
  };
}

/** The issuer’s own trouble, not a word of the person (OAuth 2.0, section 4.1.2.1). */
const awayErrors = new Set(['server_error', 'temporarily_unavailable']);

/** By HTTP Basic, which is what is meant where an issuer says nothing, unless it takes the secret in the body alone. */
function authenticateAs(clientSecret: string): client.ClientAuth {
  const basic = client.ClientSecretBasic(clientSecret);
  const post = client.ClientSecretPost(clientSecret);
  return (issuer, ...rest) => {
    const supported = issuer.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (supported.includes('client_secret_basic') ? basic : post)(issuer, ...rest);
  };
}

/** Text as PostgreSQL takes it; empty for anything that is no text. */
function storable(value: unknown, maxLength: number): string {
  return typeof value === 'string' ? value.replaceAll('\0', '').slice(0, maxLength) : '';
}

/** The library passes on `fetch`'s own TypeError where there was no answer. */
function isAway(error: unknown, code: string | undefined): boolean {
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') return true;
  return error instanceof TypeError && code === undefined;
}
