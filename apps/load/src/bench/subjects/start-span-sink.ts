import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SpanSink {
  origin: string;
  /** Bytes of spans taken so far. */
  bytes(): number;
  stop(): Promise<void>;
}

/** Takes what an OpenTelemetry collector takes, and drops it. */
export async function startSpanSink(): Promise<SpanSink> {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    bytes: () => bytes,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
