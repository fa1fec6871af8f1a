import type { Instance, Resolver, ServiceTokenIssuer } from '@shortstack/discovery';
import { unavailable } from '@shortstack/errors';

const attempts = 2;

interface ForwardedRequest {
  method: string;
  path: `/${string}`;
  body?: Uint8Array;
}

/**
 * Sends a request to a jobs process of a service and resolves with its answer, whose body streams. Rejects with kind `unavailable`,
 * code `JOBS_PROCESS_UNAVAILABLE`, when none can be reached; a write is tried once, since it may have been done.
 */
export type ForwardToJobs = (service: string, request: ForwardedRequest) => Promise<Response>;

/**
 * Forwards to the jobs processes that discovery knows, in turn, with a token for the callee. Cookies and all other headers stay here. The
 * whole exchange has 10 s, the answer 16 MiB; redirects are not followed, compression is not asked for.
 */
export function createForwardToJobs(options: {
  resolver: Resolver;
  tokens: Pick<ServiceTokenIssuer, 'issue'>;
  /** Default 10,000. */
  timeoutMs?: number;
  /** Default 16 MiB. */
  maxBytes?: number;
}): ForwardToJobs {
  const { resolver, tokens, timeoutMs = 10_000, maxBytes = 16 * 1024 * 1024 } = options;

  async function send(instance: Instance, { method, path, body }: ForwardedRequest, token: string) {
    const answer = await fetch(`${new URL(instance.url).origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // What says that it is away itself is as good as away: another instance may have its Redis.
    if (answer.status === 503) {
      await answer.body?.cancel();
      throw new Error('The jobs process answered 503');
    }
    return new Response(answer.body?.pipeThrough(bounded(maxBytes)) ?? null, answer);
  }

  return async (service, request) => {
    const token = await tokens.issue(service);
    const tried: Instance[] = [];
    let cause: unknown;
    while (tried.length < (request.method === 'GET' ? attempts : 1)) {
      const instance = await resolver
        .resolve(service, { process: 'jobs', except: tried })
        .catch((error: unknown) => {
          cause ??= error;
          return undefined;
        });
      if (instance === undefined) break;
      tried.push(instance);
      try {
        const answer = await send(instance, request, token);
        resolver.reportSuccess(instance);
        return answer;
      } catch (error) {
        cause = error;
        resolver.reportFailure(instance);
      }
    }
    throw unavailable(
      'JOBS_PROCESS_UNAVAILABLE',
      `The jobs process of ${service}, or its Redis, does not answer. Jobs wait until it does: look at /ops whether it runs and at its /readyz for what it misses, start what is away, and load this page again.`,
      { cause },
    );
  };
}

/** Breaks off after so many bytes. */
function bounded(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) controller.error(new Error(`More than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
