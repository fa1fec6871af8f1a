import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Logger, Metrics, Tracing } from '@shortstack/telemetry';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  LogController,
  type RawServerDefault,
} from 'fastify';
import { useAccessLog } from './access-log.ts';
import { answerClientError } from './client-error.ts';
import { trackConnections } from './connection-activity.ts';
import { createErrorLog } from './error-log.ts';
import { failureCounter } from './failure-counter.ts';
import { guardRequests, headerSetter } from './guard-requests.ts';
import { useStrictJson } from './json-body.ts';
import type { Problem } from './problem.ts';
import { problemOf, sendProblem } from './problem-document.ts';
import { createRequestIds } from './request-ids.ts';
import { useRequestMetrics } from './request-metrics.ts';
import { requireClosedSchemas } from './require-closed-schemas.ts';
import { securityHeaders } from './security-headers.ts';
import { type ShedLoadOptions, shedLoad } from './shed-load.ts';
import { compileValidator } from './validator-compiler.ts';

/** A Fastify instance whose handlers get their types from TypeBox schemas. */
export type AppServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface ServerOptions {
  logger: Logger;
  /** Sent as `X-Served-By`. */
  instanceId: string;
  /** Addresses and CIDRs of the proxies whose `X-Forwarded-*` headers are believed. Default: none. */
  trustProxy?: readonly string[];
  /** Default 64 KiB. A route may set its own `bodyLimit`. */
  bodyLimitBytes?: number;
  /** How long a request may take to arrive as a whole, unless `allowSlowBody` is called for it. Default 30 s; then 408. */
  requestTimeoutMs?: number;
  /** How long an idle connection stays open; longer than the proxy in front keeps it. Default 72 s. */
  keepAliveTimeoutMs?: number;
  /** Refuses requests with 503 `OVERLOADED` while they come faster than they can be served. Default: never. */
  shedLoad?: ShedLoadOptions;
  /** Logs one in so many requests. Default: none. Failures are logged in any case. */
  accessLogSampleEvery?: number;
  /** Measures each request there. Default: not measured. */
  metrics?: Metrics;
  /** Counts the requests that fail for a reason of ours there; costs those that don't nothing. Default: not counted. */
  failureMetrics?: Metrics;
  /** Makes spans of those requests that it chooses. Default: none. */
  tracing?: Tracing;
  /** How a problem is told to the client. Default `sendProblem`; a service with pages shows browsers one. */
  showProblem?: (reply: FastifyReply, problem: Problem) => FastifyReply;
  /** Headers of every answer besides `X-Request-Id` and `X-Served-By`. Default `securityHeaders()`. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * Creates the HTTP server that all services start from; it listens nowhere yet.
 *
 * Every error becomes an RFC 9457 problem document, including those of Node's HTTP parser; answers with 5xx tell the client
 * nothing of their cause, and the log everything. Requests are validated strictly, see `compileValidator`,
 * `requireClosedSchemas` and `useStrictJson`. While it closes, requests in flight are finished and their connections closed after them.
 *
 * With only the required options the base costs one synchronous hook per request; `metrics` and
 * `accessLogSampleEvery` add an `onResponse` hook each, `tracing` nothing while it is off.
 */
export function createServer(options: ServerOptions): AppServer {
  const { logger, requestTimeoutMs = 30_000, trustProxy = [], showProblem = sendProblem } = options;
  const logError = createErrorLog();
  const countFailure = options.failureMetrics && failureCounter(options.failureMetrics);
  const setHeaders = headerSetter({
    ...(options.headers ?? securityHeaders()),
    'x-served-by': options.instanceId,
  });

  const server: AppServer = Fastify({
    // Fastify must not know the logger: with one it attaches two listeners to every answer and makes a child for every request.
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createRequestIds(),
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    bodyLimit: options.bodyLimitBytes ?? 65_536,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 72_000,
    // Requests that arrive on open connections while the server closes are served: the client did nothing wrong.
    return503OnClosing: false,
    http: {
      headersTimeout: Math.min(10_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs),
      // Node would answer with an empty 400; ours is a problem document.
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => {
      setHeaders(reply);
      showProblem(reply, problemOf(error));
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.log = logger;
  trackConnections(server.server);

  server.setValidatorCompiler(compileValidator);
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    logError(request.log, problem, error);
    if (problem.status >= 500) countFailure?.();
    return showProblem(reply, problem);
  });
  server.setNotFoundHandler((_request, reply) =>
    showProblem(reply, { status: 404, code: 'NOT_FOUND', detail: 'There is nothing here.' }),
  );

  useStrictJson(server);
  requireClosedSchemas(server);
  guardRequests(server, {
    logger,
    setHeaders,
    refuse: options.shedLoad && shedLoad(server, options.instanceId, options.shedLoad),
    tracing: options.tracing,
  });
  if (options.metrics) useRequestMetrics(server, options.metrics);
  if (options.accessLogSampleEvery) useAccessLog(server, options.accessLogSampleEvery);
  return server;
}
