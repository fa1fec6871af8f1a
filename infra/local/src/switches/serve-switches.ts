import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FaultSwitches } from './fault-switches.ts';

export interface SwitchesEndpoint {
  port: number;
  /** Whoever knows it may switch. */
  token: string;
  /** Of the operations page, the one page that may ask. */
  origin: string;
}

const MAX_BODY_BYTES = 1_024;
const TIMEOUT_MS = 5_000;

/**
 * Serves the switches on 127.0.0.1, apart from the services, so that a fault can be undone whatever hangs:
 * `GET /switches`, and `PUT /switches/{name}` with `{"isOn": true}`; both answer `{"switches": […]}`.
 *
 * Everything takes `Authorization: Bearer {token}`. Other hosts' names for this address are refused, since a page could give itself
 * one (DNS rebinding), and so are other origins. Returns how to close it.
 */
export async function serveSwitches(
  switches: FaultSwitches,
  { port, token, origin }: SwitchesEndpoint,
): Promise<() => Promise<void>> {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const { method, url, headers } = request;
    if (!hosts.includes(headers.host ?? '')) return 403;
    if (headers.origin !== undefined) {
      if (headers.origin !== origin) return 403;
      response.setHeader('access-control-allow-origin', origin);
    }
    if (method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'GET, PUT');
      response.setHeader('access-control-allow-headers', 'authorization, content-type');
      response.setHeader('access-control-max-age', '600');
      return 204;
    }
    if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) return 401;
    if (method === 'GET' && url === '/switches') return 200;
    const name = /^\/switches\/([a-z0-9-]{1,64})$/.exec(url ?? '')?.[1];
    if (name === undefined || method !== 'PUT') return 404;
    const isOn = await readIsOn(request);
    if (isOn === undefined) return 400;
    return (await switches.set(name, isOn)) ? 200 : 404;
  }

  const server = createServer({ requestTimeout: TIMEOUT_MS }, (request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('vary', 'origin');
    void answer(request, response)
      .catch(() => 500)
      .then((status) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(status === 200 ? JSON.stringify({ switches: switches.list() }) : undefined);
      });
  });
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}

/** Hashes have one length, and comparing them tells nothing of the texts. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

async function readIsOn(request: IncomingMessage): Promise<boolean | undefined> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) return undefined;
  }
  try {
    const { isOn } = JSON.parse(text) as { isOn?: unknown };
    return typeof isOn === 'boolean' ? isOn : undefined;
  } catch {
    return undefined;
  }
}
