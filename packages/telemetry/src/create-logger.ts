import pino, { type DestinationStream, type Logger as PinoLogger } from 'pino';
import { prettyStream } from './pretty-stream.ts';
import { redactUrls, secretPaths } from './redact.ts';
import { serializeError } from './serialize-error.ts';
import { activeTrace } from './tracing/traceparent.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** The process's role, e.g. `create` or `create-jobs`. */
  service: string;
  /** Names this process among its like; also sent as `X-Served-By`. */
  instanceId: string;
  /** Default `info`. */
  level?: LogLevel;
  /** One readable line per entry instead of JSON, for a terminal. Default false. */
  pretty?: boolean;
  /** Where lines go. Default: standard output, written synchronously so that a crash loses none. */
  destination?: DestinationStream;
}

/**
 * Creates the logger of a process: JSON lines with ISO time, `service` and `instance`.
 *
 * Errors are logged under `err` (or `error`, `cause`) with their causes and without the
 * parameters that drivers attach to them. Values of fields named like secrets (`password`,
 * `token`, `authorization`, `cookie` …, down to two levels deep) are replaced by `[redacted]`, and
 * so is the password of any URL anywhere in a line. A line written inside a span carries `traceId` and `spanId`. Text that a caller puts into the message
 * itself is otherwise written as it is: log secrets nowhere.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, instanceId, level = 'info', pretty = false } = options;
  const output = options.destination ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level,
      base: { service, instance: instanceId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[redacted]' },
      serializers: { err: serializeError, error: serializeError, cause: serializeError },
      mixin: activeTrace,
      hooks: { streamWrite: redactUrls },
    },
    pretty ? prettyStream(output) : output,
  );
}
