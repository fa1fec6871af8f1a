import { randomBytes } from 'node:crypto';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import {
  ApiKey,
  asyncApiDocument,
  ImportProgress,
  Link,
  LinkStats,
  LinkVisitors,
  LiveClicks,
  Problem,
  RuntimeSettings,
} from '@shortstack/contracts';
import type { AppServer } from '@shortstack/server';
import { nameSchemas } from './name-schemas.ts';

/** Needed before any route is registered: collects what `/openapi.json` publishes. */
export async function collectDocs(
  app: AppServer,
  options: { appOrigin: string; cookieName: string },
) {
  const schemas = [
    Problem,
    Link,
    ApiKey,
    LinkStats,
    LinkVisitors,
    LiveClicks,
    ImportProgress,
    RuntimeSettings,
  ];
  for (const schema of schemas) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Shortstack',
        version: '1',
        description:
          'Short links and their statistics. Errors are RFC 9457 problem documents with a stable `code`; lists are `{items, nextCursor}`; times are RFC 3339 in UTC. What the services tell each other is described in [asyncapi.json](/asyncapi.json).',
      },
      servers: [{ url: options.appOrigin }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: options.cookieName },
          apiKey: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { apiKey: [] }],
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) =>
        typeof $id === 'string' ? $id : `def-${i}`,
    },
    transform: ({ schema, url }) => ({ schema: nameSchemas(schema), url }),
  });
}

/** `/openapi.json`, the page at `/docs` that shows it, and `/asyncapi.json`. */
export async function docsRoutes(app: AppServer, { shortOrigin }: { shortOrigin: string }) {
  // The page is the same for everyone and shows nothing that users wrote, so one nonce per process will do.
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self' ${shortOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  const events = asyncApiDocument();
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => events);

  await app.register(scalar, {
    routePrefix: '/docs',
    hooks: {
      onRequest(_request, reply, done) {
        reply.header('content-security-policy', policy);
        done();
      },
    },
    configuration: {
      url: '/openapi.json',
      nonce,
      pageTitle: 'Shortstack API',
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}
