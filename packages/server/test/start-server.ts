import type { AddressInfo } from 'node:net';
import { createLogger } from '@shortstack/telemetry';
import { onTestFinished } from 'vitest';
import { type AppServer, createServer, type ServerOptions } from '../src/index.ts';

export interface StartedServer {
  server: AppServer;
  port: number;
  origin: string;
  /** What was logged, parsed. */
  log: Record<string, unknown>[];
}

/** Starts a server on a port of its own until the test is over. */
export async function startServer(
  addRoutes: (server: AppServer) => void,
  options: Partial<ServerOptions> = {},
): Promise<StartedServer> {
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
  const logger = createLogger({ service: 'test', instanceId: 'test-1', destination });
  const server = createServer({ logger, instanceId: 'test-1', ...options });
  addRoutes(server);
  await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { server, port, origin: `http://127.0.0.1:${port}`, log };
}
