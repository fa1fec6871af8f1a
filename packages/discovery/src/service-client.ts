import { type AppError, unavailable } from '@shortstack/errors';
import { type Instance, type InstanceProcess, urlOn } from './instance.ts';
import { readBody } from './read-body.ts';
import { report } from './report.ts';
import type { Resolver } from './resolver.ts';
import type { ServiceTokenIssuer } from './service-token-issuer.ts';

const maxBytes = 4 * 1024 * 1024;

export interface ServiceClientOptions {
  resolver: Resolver;
  tokens: Pick<ServiceTokenIssuer, 'issue'>;
  /** How long one attempt may take, its answer's body included. Default 1,000. */
  timeoutMs?: number;
  /** How many instances are tried at most. Default 2. */
  attempts?: number;
  fetch?: typeof globalThis.fetch;
}

export interface ServiceCall {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query, from `/`. */
  path: `/${string}`;
  /** Sent as JSON. */
  body?: unknown;
  /** Whether doing it twice does no harm. Default: true for all methods but POST and PATCH. */
  idempotent?: boolean;
  /** Which process to call. Default `http`. */
  process?: InstanceProcess;
}

export interface ServiceResponse {
  status: number;
  /** Parsed where the answer is JSON, otherwise text. */
  body: unknown;
}

export interface ServiceClient {
  /**
   * Calls an instance of a service with a token for it, and gives any answer back, errors included: a status is not thrown.
   *
   * An instance that can't be reached is reported to the resolver and another one is tried: always when no
   * connection came about, after a timeout or a broken connection only for an idempotent call. Each attempt goes to
   * an instance not tried yet, so none waits for backoff. Takes at most `attempts` × `timeoutMs`.
   *
   * @throws AppError `unavailable` / `SERVICE_UNAVAILABLE`; after a non-idempotent call it may have been done.
   */
  call(service: string, call: ServiceCall): Promise<ServiceResponse>;
  /**
   * Calls this instance and no other, once: for what only it can say. Tells the resolver nothing, since one answer of one
   * instance is no reason to drop it. @throws AppError `unavailable` / `SERVICE_UNAVAILABLE` within `timeoutMs`.
   */
  callInstance(instance: Instance, call: ServiceCall): Promise<ServiceResponse>;
}

/** Calls other services by name. Answers above 4 MiB are refused; redirects are not followed. */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { resolver, tokens, timeoutMs = 1_000, attempts = 2, fetch = globalThis.fetch } = options;

  async function attempt(instance: Instance, call: ServiceCall, token: string) {
    const response = await fetch(urlOn(instance, call.path), {
      method: call.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readBody(response, maxBytes);
    const isJson = /^application\/([a-z.+-]+\+)?json\b/.test(
      response.headers.get('content-type') ?? '',
    );
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text };
  }

  return {
    async callInstance(instance, call) {
      try {
        return await attempt(instance, call, await tokens.issue(instance.service));
      } catch (error) {
        throw unreachable(instance.service, error);
      }
    },

    async call(service, call) {
      const { idempotent = !['POST', 'PATCH'].includes(call.method), process = 'http' } = call;
      const token = await tokens.issue(service);
      const tried: Instance[] = [];
      let cause: unknown;
      while (tried.length < attempts) {
        const instance = await resolver.resolve(service, { process, except: tried }).catch((e) => {
          cause ??= e;
          return undefined;
        });
        if (!instance) break;
        tried.push(instance);
        try {
          const response = await attempt(instance, call, token);
          resolver.reportSuccess(instance);
          return response;
        } catch (error) {
          cause = error;
          resolver.reportFailure(instance);
          report('discovery.call_failures', { service });
          if (!idempotent && !neverConnected(error)) break;
        }
      }
      throw unreachable(service, cause);
    },
  };
}

const connectErrors = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether the request certainly never reached the other side. */
function neverConnected(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && connectErrors.has(String(cause.code));
}

function unreachable(service: string, cause: unknown): AppError {
  return unavailable('SERVICE_UNAVAILABLE', `No instance of ${service} answered.`, { cause });
}
