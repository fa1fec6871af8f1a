import type { Logger } from '@shortstack/telemetry';

type Arguments = [object: unknown, message?: string, ...values: unknown[]];

/**
 * A `request.log` that becomes a child of the process's logger, with the request's id, when it is first written to.
 * Making a pino child for every request would cost several microseconds, and few requests log.
 */
export class RequestLogger {
  readonly #parent: Logger;
  readonly #bindings: object;
  #child: Logger | undefined;

  constructor(parent: Logger, bindings: object) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  get #logger(): Logger {
    this.#child ??= this.#parent.child(this.#bindings);
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
