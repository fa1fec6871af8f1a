import { randomUUID } from 'node:crypto';
import {
  accessTokenAudience,
  type RuntimeSettings,
  sessionCookieName,
} from '@shortstack/contracts';
import { createAccessTokenVerifier } from '@shortstack/discovery';
import type { RedisConnection } from '@shortstack/redis';
import { type AppServer, createServer } from '@shortstack/server';
import {
  createSessionCookie,
  newSessionTag,
  type SessionStore,
  type SessionWatch,
  sessionPlugin,
} from '@shortstack/session';
import type { Logger, Metrics, Tracing } from '@shortstack/telemetry';
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
import { deleteLink, findLink, updateLink } from './data/links.ts';
import { listLinks } from './data/list-links.ts';
import type { CodeSupply } from './domain/code-supply.ts';
import type { StoredLink } from './domain/link.ts';
import { type LinkBoardPorts, readLinkBoard } from './domain/link-board.ts';
import type { LinkRuleContext } from './domain/link-draft.ts';
import { type LinkVisitorsPorts, readLinkVisitors } from './domain/link-visitors.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import type { Seal } from './domain/seal.ts';
import type { AccountToSignIn } from './domain/sign-in.ts';
import { importReceipt } from './import-receipt.ts';
import type { KeyCache } from './key-cache.ts';
import { linkCreationPorts } from './link-creation.ts';
import type { LiveClickFeed } from './live-clicks.ts';
import type { OidcProvider } from './oidc-providers.ts';
import { createOidcIssuer } from './outgoing/oidc-issuer.ts';
import { accessTokenRoutes } from './routes/access-tokens.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { authRoutes } from './routes/auth.ts';
import { authentication } from './routes/authentication.ts';
import { createLinkRoutes } from './routes/create-link.ts';
import { dashboard } from './routes/dashboard.ts';
import { collectDocs, docsRoutes } from './routes/docs.ts';
import { exportRoutes } from './routes/export.ts';
import { identityRoutes } from './routes/identities.ts';
import { importRoutes } from './routes/imports.ts';
import { createLeadBack } from './routes/lead-back.ts';
import { linkRoutes } from './routes/links.ts';
import { liveClickRoutes } from './routes/live-clicks.ts';
import { liveSessionRoutes } from './routes/live-session.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { createOidcAttempts } from './routes/oidc-attempts.ts';
import { preferenceRoutes } from './routes/preferences.ts';
import { qrCodeRoutes } from './routes/qr-code.ts';
import type { RateLimits } from './routes/rate-limits.ts';
import { assertWritable, refuseWrites } from './routes/refuse-writes.ts';
import { registerPage } from './routes/register-page.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { type SettingsPorts, settingsRoutes } from './routes/settings.ts';
import { signInPage } from './routes/sign-in-page.ts';
import { createSession } from './routes/start-session.ts';
import { statsRoutes } from './routes/stats.ts';
import type { StatsCache } from './stats-cache.ts';

export interface AppOptions {
  config: HttpConfig;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
  database: GuardedDatabase;
  sessions: SessionStore;
  sessionWatch: SessionWatch;
  /** The session Redis. */
  sessionRedis: RedisConnection;
  limits: RateLimits;
  board: LinkBoardPorts;
  visitors: LinkVisitorsPorts;
  liveClicks: LiveClickFeed;
  settings: { current: () => RuntimeSettings; ports: SettingsPorts };
  codes: CodeSupply;
  keys: KeyCache;
  stats: StatsCache;
  passwords: PasswordHasher;
  accessTokens: AccessTokens;
  providers: readonly OidcProvider[];
  /** Of what browsers keep while they sign in with an issuer. */
  oidcSeal: Seal;
  /** Tells caches and the relay of committed changes. Never rejects. */
  announce: (links: StoredLink[]) => Promise<void>;
  now: () => Date;
}

/** The public server of create: the API, its documentation, and who may use it. */
export async function createApp(options: AppOptions): Promise<AppServer> {
  const { config, logger, metrics, database, sessions, limits, announce, now } = options;
  const { APP_ORIGIN: appOrigin, SHORT_ORIGIN: shortOrigin } = config;
  const cookie = {
    name: sessionCookieName,
    secure: appOrigin.startsWith('https:'),
    maxAgeSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
    ...(config.COOKIE_DOMAIN === undefined ? {} : { domain: config.COOKIE_DOMAIN }),
  };
  const ruleContext = (): LinkRuleContext => ({
    shortOrigin,
    now: now(),
    hashPassword: (password) => options.passwords.hash(password),
  });
  const find = (accountId: string, slug: string) => findLink(database, accountId, slug);

  const app = createServer({
    logger,
    metrics,
    tracing: options.tracing,
    instanceId: config.INSTANCE_ID,
    trustProxy: config.TRUSTED_PROXIES,
    shedLoad: { metrics },
  });
  app.addHook(
    'onRequest',
    refuseWrites(() => options.settings.current().maintenance),
  );
  await collectDocs(app, { appOrigin, cookieName: createSessionCookie(cookie).name });

  await app.register(sessionPlugin, { store: sessions, cookie, origins: [appOrigin] });
  await app.register(authentication, {
    findPrincipalByKeyHash: options.keys.find,
    accessTokens: createAccessTokenVerifier({
      issuer: appOrigin,
      audience: accessTokenAudience,
      keysOf: (kid) => options.accessTokens.keysFor(kid),
      now: () => now().getTime(),
    }),
    isSessionAlive: async (token) => (await sessions.read(token)) !== null,
  });

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
  const returnOrigins = [shortOrigin, ...(config.OPS_ORIGIN ? [config.OPS_ORIGIN] : [])];
  const leadBack = createLeadBack({ sessions, appOrigin, cookieDomain: config.COOKIE_DOMAIN });
  const { providers } = options;
  const mayWrite = () => assertWritable(options.settings.current().maintenance);
  const signInPages = { ...signIn, returnOrigins, leadBack, providers, assertWritable: mayWrite };
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
      ...{ sessions, limits, leadBack, appOrigin, returnOrigins },
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
  await app.register(
    createLinkRoutes({
      ports: linkCreationPorts(database, options.codes, announce),
      limits,
      ruleContext,
    }),
  );
  await app.register(importRoutes({ limits, ...importReceipt(database) }));
  await app.register(
    exportRoutes({ list: (listing) => listLinks(database, listing), shortOrigin }),
  );
  await app.register(
    linkRoutes({
      find,
      list: (listing) => listLinks(database, listing),
      update: (accountId, slug, changes) => updateLink(database, accountId, slug, changes),
      remove: (accountId, slug) => deleteLink(database, accountId, slug),
      announce,
      ruleContext,
    }),
  );
  await app.register(qrCodeRoutes({ find, shortOrigin }));
  await app.register(
    statsRoutes({
      find,
      readStats: options.stats.read,
      readVisitors: (linkId, window) => readLinkVisitors(options.visitors, linkId, window),
      readLeaderboard: (accountId, window, limit) =>
        readLinkBoard(options.board, accountId, window, limit),
      shortOrigin,
      now,
    }),
  );
  await app.register(settingsRoutes(options.settings.ports));
  await app.register(liveClickRoutes({ find, feed: options.liveClicks }));
  // `turbo gen route` adds routes above this line.
  await docsRoutes(app, { shortOrigin });
  await app.register(
    dashboard({ directory: config.WEB_DIRECTORY, appOrigin, opsOrigin: config.OPS_ORIGIN }),
  );
  return app;
}
