import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface HttpRequest {
  /** Default GET. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
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

/** A plain client over at most so many kept connections per server (default 64; 0: a new one for each request). */
export function createHttpClient({ connections = 64 } = {}): HttpClient {
  const agent = connections === 0 ? new Agent() : pool(connections);
  return {
    send: (url, options = {}) => send(agent, url, options),
    close: () => agent.destroy(),
  };
}

function pool(connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
}

function send(agent: Agent, url: string, options: HttpRequest): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body, timeoutMs = 30_000 } = options;
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        agent,
        timeout: timeoutMs,
        headers: {
          ...headers,
          ...(payload !== undefined && {
            'content-type': 'application/json',
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
