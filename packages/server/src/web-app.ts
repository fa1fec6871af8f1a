import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unavailable } from '@shortstack/errors';
import type { FastifySchema, onRequestAsyncHookHandler } from 'fastify';
import type { AppServer } from './create-server.ts';

export interface WebAppOptions {
  /** Where the build lies. Default: `apps/web/dist` beside this package, in a checkout as in an image. */
  directory?: string | undefined;
  /** Which of its pages: the dashboard's or the operator's. */
  entry: 'index.html' | 'ops.html';
  /** The addresses that show the page, as routes. */
  paths: readonly string[];
  /** Who may see the page. Its files are for everyone: they hold no secret. Default: everyone. */
  onRequest?: onRequestAsyncHookHandler;
  /** Origins besides its own that the page may call. Default: none. */
  connectTo?: readonly string[];
}

const besideThisPackage = fileURLToPath(new URL('../../../apps/web/dist', import.meta.url));
const yearMs = 31_536_000_000;

/**
 * Serves a page of `apps/web` and `/assets/*`. The page is asked for again at each visit, and what it loads is kept for ever: its name
 * changes with its content. Both go out as they were compressed at the build. Where there is no build, the page is a problem
 * that says how to make one, and a build that is made then is served without a restart.
 */
export function webApp(options: WebAppOptions) {
  const { entry, paths, onRequest, directory = besideThisPackage } = options;
  const policy = webPolicy(options.connectTo ?? []);

  return async (app: AppServer) => {
    // Here, so that a service without pages does not load it.
    const { fastifyStatic } = await import('@fastify/static');
    await app.register(fastifyStatic, {
      root: join(directory, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      // There need be no build yet.
      suppressWarning: true,
      preCompressed: true,
      index: false,
      immutable: true,
      maxAge: yearMs,
    });

    for (const path of paths) {
      // Not for the document of the API.
      const schema: FastifySchema & { hide: boolean } = { hide: true };
      app.get(path, { schema, ...(onRequest && { onRequest }) }, async (_request, reply) => {
        const html = await readFile(join(directory, entry)).catch(explainMissing);
        return reply
          .header('content-type', 'text/html; charset=utf-8')
          .header('content-security-policy', policy)
          .header('cache-control', 'no-cache')
          .send(html);
      });
    }
  };
}

function explainMissing(cause: Error): never {
  throw unavailable(
    'WEB_NOT_BUILT',
    'The pages of apps/web are not built here. Run `npm run build:web`.',
    { cause },
  );
}

/** Scripts and styles from files of our own alone. `blob:` and `data:` are images that the page itself has made. */
function webPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connectTo].join(' '),
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
