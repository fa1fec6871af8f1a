import type { Metrics } from '@shortstack/telemetry';
import type { Readiness } from './create-readiness.ts';
import { type AppServer, createServer, type ServerOptions } from './create-server.ts';
import { observeDependencies } from './observe-dependencies.ts';

export interface InternalServerOptions extends Pick<ServerOptions, 'logger' | 'instanceId'> {
  readiness: Readiness;
  /** What `/metrics` shows. */
  metrics: Metrics;
}

/**
 * Creates the server of a process's internal listener, which must never be reachable from outside. Apps add their routes for
 * calls between services to it; those check their callers themselves.
 *
 * - `GET /livez`: 200 as long as the event loop turns. Asks no dependency: a restart would not mend one.
 * - `GET /readyz`: 200 if `readiness` says so, else 503; each dependency with its state and breaker either way.
 * - `GET /metrics`: Prometheus' text format. Asks the dependencies as `/readyz` does, so it may take as long as their timeout.
 *
 * It sheds no load, so that an overloaded process can still be asked how it is.
 */
export function createInternalServer(options: InternalServerOptions): AppServer {
  const { logger, instanceId, readiness, metrics } = options;
  const server = createServer({ logger, instanceId });
  const updateDependencies = observeDependencies(metrics);

  server.get('/livez', () => ({ status: 'alive', instance: instanceId }));

  server.get('/readyz', async (_request, reply) => {
    const report = await readiness.check();
    reply.code(report.status === 'ready' ? 200 : 503).header('cache-control', 'no-store');
    return { ...report, instance: instanceId };
  });

  server.get('/metrics', async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    updateDependencies((await readiness.check()).dependencies);
    return metrics.render();
  });

  return server;
}
