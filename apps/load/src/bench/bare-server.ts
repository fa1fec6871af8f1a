import Fastify from 'fastify';

/**
 * The baseline: Fastify with one route and no logger, answering with the headers and the byte count of the redirect
 * service. Its arguments are the port and the headers to send, as JSON.
 */
const [port = '0', headersJson = '{}'] = process.argv.slice(2);
const headers = Object.entries(JSON.parse(headersJson) as Record<string, string>);
const app = Fastify({ logger: false });

app.get('/:slug', (_request, reply) => {
  for (const [name, value] of headers) reply.header(name, value);
  reply.code(302).send();
});

await app.listen({ port: Number(port), host: '127.0.0.1' });
