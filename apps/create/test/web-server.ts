import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { OutgoingRules } from '../src/outgoing/outgoing-rules.ts';
import { publicInternet } from '../src/outgoing/outgoing-rules.ts';

/** A site on 127.0.0.1, which plays the web. It ends with the test. */
export async function startSite(listener: RequestListener) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.headers.host}${request.url}`);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { port, requests, server };
}

/**
 * The rules of the public internet, but that every name stands for `127.0.0.1` unless given otherwise, and that this address is allowed
 * on the ports of the test's own sites.
 */
export function testRules(
  ports: readonly number[],
  resolve: (hostname: string) => string[] = () => ['127.0.0.1'],
): OutgoingRules {
  const real = publicInternet();
  return {
    resolve: async (hostname) => resolve(hostname),
    allows: (address, port) =>
      (address === '127.0.0.1' && ports.includes(port)) || real.allows(address, port),
  };
}

export function html(body: string, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  };
}
