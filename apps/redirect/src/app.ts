import { type Cache, cacheMetrics } from '@shortstack/cache';
import {
  handOverPath,
  type RuntimeSettings,
  type SignedInUser,
  sessionCookieName,
} from '@shortstack/contracts';
import type { AccessTokenVerifier } from '@shortstack/discovery';
import type { CircuitBreaker } from '@shortstack/redis';
import { type AppServer, createServer, problemPages } from '@shortstack/server';
import { createRemoteSignIn, type SessionStore } from '@shortstack/session';
import type { Logger, Metrics, Tracing } from '@shortstack/telemetry';
import type { Pool } from 'pg';
import type { ClickBatcher } from './clicks/click-batcher.ts';
import type { HttpConfig } from './config.ts';
import { createLimits } from './create-limits.ts';
import { createClickAllowance } from './data/spend-clicks.ts';
import type { FollowableLink } from './domain/followable-link.ts';
import { createUnlockGrants } from './domain/unlock-grant.ts';
import { createUnknownAnswer } from './routes/answer-unknown.ts';
import { createAnswerWithCare } from './routes/answer-with-care.ts';
import { fixedPages } from './routes/fixed-pages.ts';
import { followLink } from './routes/follow-link.ts';
import { createPasswordGate } from './routes/password-gate.ts';
import { createPasswordVerifier } from './routes/password-verifier.ts';
import { createPrivateGate } from './routes/private-gate.ts';
import { createVisitorReader } from './routes/read-visitor.ts';
import { refuseSession } from './routes/refuse-session.ts';
import { sendPreview } from './routes/send-preview.ts';
import { unlockLink } from './routes/unlock-link.ts';

export interface AppOptions {
  config: HttpConfig;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
  links: Cache<FollowableLink>;
  clicks: ClickBatcher;
  sessions: SessionStore<SignedInUser>;
  accessTokens: AccessTokenVerifier;
  settings: () => RuntimeSettings;
  pool: Pool;
  database: CircuitBreaker;
}

/** The public server of redirect: slugs and little else. */
export function createApp(options: AppOptions): AppServer {
  const { config, logger, metrics, links, clicks, sessions, pool, database } = options;
  const showProblem = problemPages({
    404: {
      title: 'There is no such link',
      text: 'Check the address: every letter counts, capitals too. If it is right, ask whoever gave it to you for a new one.',
    },
    410: {
      title: 'This link is no longer in use',
      text: 'It has expired, or its owner has taken it away. Ask whoever gave it to you for a new one.',
    },
  });
  const app = createServer({
    logger,
    tracing: options.tracing,
    instanceId: config.INSTANCE_ID,
    trustProxy: config.TRUSTED_PROXIES,
    shedLoad: { metrics },
    failureMetrics: metrics,
    // A redirect has no body to protect; pages set what they need.
    headers: {},
    showProblem,
  });
  const isSecure = config.SHORT_ORIGIN.startsWith('https:');
  const countryHeader = config.COUNTRY_HEADER?.toLowerCase();
  const grants = createUnlockGrants(config.UNLOCK_SECRET);
  const limits = createLimits(options.settings, config.RATE_LIMITS);

  const signIn = createRemoteSignIn({
    store: sessions,
    site: config.SHORT_ORIGIN,
    signInUrl: `${config.APP_ORIGIN}/sign-in`,
    cookie: {
      name: sessionCookieName,
      domain: config.COOKIE_DOMAIN,
      maxAgeSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
    },
  });
  signIn.receive(app, handOverPath, refuseSession);
  fixedPages(app, { appOrigin: config.APP_ORIGIN });
  const answerUnknown = createUnknownAnswer({
    refuseUnknownSlugs: limits.unknownSlugs,
    showProblem,
  });
  followLink(app, {
    links,
    clicks,
    countryHeader,
    answerUnknown,
    answerWithCare: createAnswerWithCare({
      links,
      clicks,
      answerUnknown,
      gates: [
        createPrivateGate({
          ...{ sessions, signIn, shortOrigin: config.SHORT_ORIGIN },
          accessTokens: options.accessTokens,
        }),
        createPasswordGate(grants),
      ],
      clickAllowance: createClickAllowance(pool, database),
      readVisitor: createVisitorReader(countryHeader),
      sendPreview,
      countryHeader,
    }),
  });
  unlockLink(app, {
    links,
    grants,
    isSecure,
    verifyPassword: createPasswordVerifier(),
    answerUnknown,
    limitGuesses: limits.passwordGuesses,
  });
  for (const { name, help, type, read } of cacheMetrics({ links })) {
    metrics.observe(name, help, type, read);
  }
  metrics.observe(
    'shortstack_redirect_clicks_total',
    'Clicks taken for counting',
    'counter',
    () => [{ value: clicks.stats().recorded }],
  );
  metrics.observe(
    'shortstack_redirect_clicks_within_total',
    'Clicks that waited so many seconds at most until they were durable and the redirect was answered',
    'counter',
    () => clicks.waitingTimes().map(({ le, clicks: value }) => ({ value, attributes: { le } })),
  );
  metrics.observe(
    'shortstack_redirect_click_batches_total',
    'Batches that clicks were stored in',
    'counter',
    () => [{ value: clicks.stats().batches }],
  );
  metrics.observe(
    'shortstack_redirect_clicks_dropped_total',
    'Clicks that could be stored nowhere',
    'counter',
    () => [{ value: clicks.stats().dropped }],
  );
  return app;
}
