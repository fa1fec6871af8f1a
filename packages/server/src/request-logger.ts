import type { Logger } from '@shortstack/telemetry';

type Arguments = [object: unknown, message?: string, ...values: unknown[]];

/**
 * A `request.log` that becomes a child of the process's logger, with the request's id, when it is first written to.
 * Making a pino child for every request would cost several microseconds, and few requests log. Nor is Fastify's factory of child
 * loggers used: it checks each logger that it gets.
 */
export class RequestLogger {
  readonly #parent: Logger;
  readonly #requestId: string;
  #child: Logger | undefined;

  constructor(parent: Logger, requestId: string) {
    this.#parent = parent;
    this.#requestId = requestId;
  }

  get #logger(): Logger {
    this.#child ??= this.#parent.child({ requestId: this.#requestId });
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
