import { randomUUID } from 'node:crypto';
import type { RuntimeSettings } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import type { AppServer } from '@shortstack/server';
import { newSessionTag, type SessionStore, type SessionWatch } from '@shortstack/session';
import type { AccessTokens } from './access-tokens.ts';
import type { HttpConfig } from './config.ts';
import { findAccountByEmail, insertAccount } from './data/accounts.ts';
import { deleteApiKey, insertApiKey, listApiKeys } from './data/api-keys.ts';
import type { GuardedDatabase } from './data/guarded-database.ts';
import {
  deleteIdentity,
  findAccountByIdentity,
  insertAccountWithIdentity,
  linkIdentity,
  listIdentities,
} from './data/identities.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import { returnAddress } from './domain/return-address.ts';
import type { Seal } from './domain/seal.ts';
import type { AccountToSignIn } from './domain/sign-in.ts';
import type { KeyCache } from './key-cache.ts';
import type { OidcProvider } from './oidc-providers.ts';
import { createOidcIssuer } from './outgoing/oidc-issuer.ts';
import { accessTokenRoutes } from './routes/access-tokens.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { authRoutes } from './routes/auth.ts';
import { identityRoutes } from './routes/identities.ts';
import { createLeadBack } from './routes/lead-back.ts';
import { liveSessionRoutes } from './routes/live-session.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { createOidcAttempts } from './routes/oidc-attempts.ts';
import { preferenceRoutes } from './routes/preferences.ts';
import type { RateLimits } from './routes/rate-limits.ts';
import { assertWritable } from './routes/refuse-writes.ts';
import { registerPage } from './routes/register-page.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { signInPage } from './routes/sign-in-page.ts';
import { createSession } from './routes/start-session.ts';

export interface AccountsOptions {
  config: HttpConfig;
  database: GuardedDatabase;
  sessions: SessionStore;
  sessionWatch: SessionWatch;
  /** The session Redis. */
  sessionRedis: RedisConnection;
  limits: RateLimits;
  settings: { current: () => RuntimeSettings };
  keys: KeyCache;
  passwords: PasswordHasher;
  accessTokens: AccessTokens;
  providers: readonly OidcProvider[];
  /** Of what browsers keep while they sign in with an issuer. */
  oidcSeal: Seal;
  now: () => Date;
}

/** Everything about people: signing in with a password or an issuer, their sessions, tokens and API keys. */
export async function registerAccounts(app: AppServer, options: AccountsOptions): Promise<void> {
  const { config, database, sessions, limits, now } = options;
  const { APP_ORIGIN: appOrigin, SHORT_ORIGIN: shortOrigin } = config;
  const signIn = {
    ports: {
      passwords: options.passwords,
      findAccount: (email: string) => findAccountByEmail(database, email),
      insertAccount: (account: Parameters<typeof insertAccount>[1]) =>
        insertAccount(database, account),
      createSession: (account: AccountToSignIn, device: string | null = null) =>
        createSession(sessions, account, device),
      endSession: (token: string) => sessions.end(token),
      newAccountId: randomUUID,
      probeSessions: () => options.sessionRedis.probe(),
      newSessionTag,
    },
    sessions,
    limits,
    appOrigin,
  };
  await app.register(authRoutes(signIn));
  // redirect's private links, worker's operations page.
  const origins = [shortOrigin, ...(config.OPS_ORIGIN ? [config.OPS_ORIGIN] : [])];
  const returnTo = (wanted: string | undefined) => returnAddress(wanted, { appOrigin, origins });
  const leadBack = createLeadBack({ sessions, appOrigin, cookieDomain: config.COOKIE_DOMAIN });
  const { providers } = options;
  const mayWrite = () => assertWritable(options.settings.current().maintenance);
  const signInPages = { ...signIn, returnTo, leadBack, providers, assertWritable: mayWrite };
  await app.register(signInPage(signInPages));
  await app.register(registerPage(signInPages));
  await app.register(
    oidcRoutes({
      issuers: providers.map((provider) =>
        createOidcIssuer({
          provider,
          redirectUri: `${appOrigin}/api/auth/oidc/${provider.id}/callback`,
        }),
      ),
      attempts: createOidcAttempts({ seal: options.oidcSeal, appOrigin, now }),
      ports: {
        ...signIn.ports,
        findAccountByIdentity: (identity) => findAccountByIdentity(database, identity),
        insertAccountWithIdentity: (account, identity) =>
          insertAccountWithIdentity(database, account, identity),
      },
      link: (accountId, identity) => linkIdentity(database, accountId, identity),
      ...{ sessions, limits, leadBack, appOrigin, returnTo },
      assertWritable: mayWrite,
    }),
  );
  await app.register(
    identityRoutes({
      providers,
      list: (accountId) => listIdentities(database, accountId),
      remove: (accountId, id) => deleteIdentity(database, accountId, id),
    }),
  );
  await app.register(accessTokenRoutes(options.accessTokens));
  await app.register(sessionRoutes({ sessions }));
  await app.register(liveSessionRoutes(options.sessionWatch));
  await app.register(preferenceRoutes({ sessions }));
  await app.register(
    apiKeyRoutes({
      insert: (key) => insertApiKey(database, key),
      list: (accountId, limit, after) => listApiKeys(database, accountId, limit, after),
      remove: (accountId, id) => deleteApiKey(database, accountId, id),
      forget: options.keys.forget,
      now,
    }),
  );
}
