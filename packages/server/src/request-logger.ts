import { activeTrace, type Logger, traceIdOf } from '@shortstack/telemetry';
import type { FastifyRequest } from 'fastify';

type Arguments = [object: unknown, message?: string, ...values: unknown[]];

/**
 * A `request.log` that becomes a child of the process's logger, with the request's id and the trace that it came with, when it is
 * first written to.
 * Making a pino child for every request would cost several microseconds, and few requests log. Nor is Fastify's factory of child
 * loggers used: it checks each logger that it gets.
 */
export class RequestLogger {
  readonly #parent: Logger;
  readonly #request: FastifyRequest;
  #child: Logger | undefined;

  constructor(parent: Logger, request: FastifyRequest) {
    this.#parent = parent;
    this.#request = request;
  }

  get #logger(): Logger {
    if (this.#child === undefined) {
      const { id, headers } = this.#request;
      // Inside a span each line has it anyway.
      const traceId = activeTrace().traceId ? undefined : traceIdOf(headers.traceparent);
      this.#child = this.#parent.child({ requestId: id, ...(traceId && { traceId }) });
    }
    return this.#child;
  }

  get level(): string {
    return this.#parent.level;
  }

  trace(...entry: Arguments): void {
    this.#logger.trace(...entry);
  }
  debug(...entry: Arguments): void {
    this.#logger.debug(...entry);
  }
  info(...entry: Arguments): void {
    this.#logger.info(...entry);
  }
  warn(...entry: Arguments): void {
    this.#logger.warn(...entry);
  }
  error(...entry: Arguments): void {
    this.#logger.error(...entry);
  }
  fatal(...entry: Arguments): void {
    this.#logger.fatal(...entry);
  }
  silent(): void {}

  child(bindings: object): Logger {
    return this.#logger.child(bindings);
  }
}
