import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './api.gen.ts';

export interface ClientOptions {
  /** The app origin, such as `https://app.example.com`. */
  baseUrl: string;
  /** Sent as `Authorization: Bearer`. Default: none, for a browser whose cookie signs it in. */
  apiKey?: string;
  /** How long a call may take, answer included. Default 30 s. Calls that pass a `signal` of their own are bound by both. */
  timeoutMs?: number;
  /** Default: the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

export type ShortstackClient = Client<paths>;

/**
 * Calls of the HTTP API, typed by its OpenAPI document: `client.GET('/api/links', { params: { query: { q: 'sale' } } })`.
 * Each resolves to `{ data, error, response }`; with `orThrow` to the data. Nothing is tried again.
 */
export function createClient(options: ClientOptions): ShortstackClient {
  const { baseUrl, apiKey, timeoutMs = 30_000, fetch = globalThis.fetch } = options;
  return createFetchClient<paths>({
    baseUrl,
    ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
    fetch: (request) =>
      fetch(
        new Request(request, {
          signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
        }),
      ),
  });
}
