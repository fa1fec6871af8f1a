import Fastify from 'fastify';

/**
 * A program, the baseline: Fastify with one route and no logger, answering with the status, the headers and the byte count of the
 * service that it stands beside. Its arguments are the port and, as JSON, what to answer.
 */
const [port = '0', answerJson = ''] = process.argv.slice(2);
const { route, status, headers, body } = JSON.parse(answerJson) as BareAnswer;
const entries = Object.entries(headers);
const app = Fastify({ logger: false });

export interface BareAnswer {
  route: string;
  status: number;
  headers: Record<string, string>;
  /** Empty: none. */
  body: string;
}

app.get(route, (_request, reply) => {
  for (const [name, value] of entries) reply.header(name, value);
  reply.code(status).send(body === '' ? undefined : body);
});

await app.listen({ port: Number(port), host: '127.0.0.1' });
