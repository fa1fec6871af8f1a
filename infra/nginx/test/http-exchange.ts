import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says by its expectations what it takes the body for
  json(): any;
}

export interface ExchangeOptions {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Default: a connection of its own. */
  agent?: Agent;
  timeoutMs?: number;
}

/** Sends one request. Follows no redirect, retries nothing, rejects without a complete answer. */
export function exchange(url: string, options: ExchangeOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, agent, timeoutMs = 20_000 } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: agent ?? false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode: status = 0, headers: received } = incoming;
        resolve({ status, headers: received, text, json: () => JSON.parse(text) });
      });
    });
    outgoing.once('error', reject);
    outgoing.setTimeout(timeoutMs, () =>
      outgoing.destroy(new Error(`No answer within ${timeoutMs} ms`)),
    );
    outgoing.end(body);
  });
}
