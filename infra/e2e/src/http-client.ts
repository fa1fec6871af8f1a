import { Agent, type AgentOptions, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

export interface HttpRequest {
  /** Default GET. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form, instead of `body`. */
  form?: Readonly<Record<string, string>>;
  /** Default 30,000. */
  timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says by its expectations what it takes the body for
  json(): any;
}

export interface HttpClient {
  /** Rejects without a complete answer; the error says `onReusedSocket`. Follows no redirect, retries nothing. */
  send(url: string, options?: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/**
 * A plain client over at most so many kept connections per server (default 64; 0: a new one for each request). With `address` every
 * host is found there, whatever its name. With `ca` (PEM) it speaks TLS alone, with servers that this authority vouches for.
 */
export function createHttpClient({
  connections = 64,
  address,
  ca,
}: {
  connections?: number;
  address?: string;
  ca?: string;
} = {}): HttpClient {
  const options: AgentOptions = {
    ...(connections > 0 && { keepAlive: true, maxSockets: connections, scheduling: 'fifo' }),
    ...(address !== undefined && { lookup: always(address) }),
  };
  const agent = ca === undefined ? new Agent(options) : new SecureAgent({ ...options, ca });
  return {
    send: (url, options = {}) => send(agent, url, options),
    close: () => agent.destroy(),
  };
}

function always(address: string): LookupFunction {
  return (_host, { all }, found) => {
    if (all) found(null, [{ address, family: 4 }]);
    else found(null, address, 4);
  };
}

function send(agent: Agent, url: string, options: HttpRequest): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body, form, timeoutMs = 30_000 } = options;
  const json = body === undefined ? undefined : JSON.stringify(body);
  const payload = form ? new URLSearchParams(form).toString() : json;
  return new Promise((resolve, reject) => {
    const outgoing = (agent instanceof SecureAgent ? secureRequest : request)(
      url,
      {
        method,
        agent,
        timeout: timeoutMs,
        headers: {
          ...headers,
          ...(payload !== undefined && {
            'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
            'content-length': Buffer.byteLength(payload),
          }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          if (!incoming.complete) return reject(new Error('The answer was cut off.'));
          const text = Buffer.concat(chunks).toString();
          const { statusCode: status = 0, headers: received } = incoming;
          resolve({ status, headers: received, text, json: () => JSON.parse(text) });
        });
      },
    );
    outgoing.once('error', (error) =>
      reject(Object.assign(error, { onReusedSocket: outgoing.reusedSocket })),
    );
    outgoing.once('timeout', () =>
      outgoing.destroy(new Error(`No answer from ${url} within ${timeoutMs} ms`)),
    );
    outgoing.end(payload);
  });
}
