import {
  accessTokenAudience,
  type RuntimeSettings,
  sessionCookieName,
} from '@shortstack/contracts';
import { createAccessTokenVerifier } from '@shortstack/discovery';
import { type AppServer, createServer } from '@shortstack/server';
import { createSessionCookie, sessionPlugin } from '@shortstack/session';
import type { Logger, Metrics, Tracing } from '@shortstack/telemetry';
import { deleteLink, findLink, updateLink } from './data/links.ts';
import { listLinks } from './data/list-links.ts';
import type { CodeSupply } from './domain/code-supply.ts';
import type { StoredLink } from './domain/link.ts';
import { type LinkBoardPorts, readLinkBoard } from './domain/link-board.ts';
import type { LinkRuleContext } from './domain/link-draft.ts';
import { type LinkVisitorsPorts, readLinkVisitors } from './domain/link-visitors.ts';
import { importReceipt } from './import-receipt.ts';
import { linkCreationPorts } from './link-creation.ts';
import type { LiveClickFeed } from './live-clicks.ts';
import { type AccountsOptions, registerAccounts } from './register-accounts.ts';
import { authentication } from './routes/authentication.ts';
import { createLinkRoutes } from './routes/create-link.ts';
import { dashboard } from './routes/dashboard.ts';
import { collectDocs, docsRoutes } from './routes/docs.ts';
import { exportRoutes } from './routes/export.ts';
import { importRoutes } from './routes/imports.ts';
import { linkRoutes } from './routes/links.ts';
import { liveClickRoutes } from './routes/live-clicks.ts';
import { qrCodeRoutes } from './routes/qr-code.ts';
import { refuseWrites } from './routes/refuse-writes.ts';
import { type SettingsPorts, settingsRoutes } from './routes/settings.ts';
import { statsRoutes } from './routes/stats.ts';
import type { StatsCache } from './stats-cache.ts';

export interface AppOptions extends AccountsOptions {
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
  board: LinkBoardPorts;
  visitors: LinkVisitorsPorts;
  liveClicks: LiveClickFeed;
  settings: { current: () => RuntimeSettings; ports: SettingsPorts };
  codes: CodeSupply;
  stats: StatsCache;
  /** Tells caches and the relay of committed changes. Never rejects. */
  announce: (links: StoredLink[]) => Promise<void>;
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

  await registerAccounts(app, options);
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
