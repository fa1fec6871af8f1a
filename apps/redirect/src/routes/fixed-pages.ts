import type { FastifyInstance } from 'fastify';

/** All that there is under the short origin besides slugs. */
export function fixedPages(app: FastifyInstance, { appOrigin }: { appOrigin: string }): void {
  app.get('/', (_request, reply) => reply.code(302).header('location', appOrigin).send());
  // Crawlers may follow short links: their targets say what may be indexed.
  app.get('/robots.txt', (_request, reply) =>
    reply.type('text/plain').send('User-agent: *\nAllow: /\n'),
  );
  app.get('/favicon.ico', (_request, reply) =>
    reply.code(204).header('cache-control', 'max-age=86400').send(),
  );
}
