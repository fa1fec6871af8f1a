import type { DestinationStream } from 'pino';

/** A destination that turns pino's JSON lines into one readable line each, for a terminal. */
export function prettyStream(output: DestinationStream): DestinationStream {
  return {
    write(line: string) {
      output.write(`${prettyLine(line)}\n`);
    },
  };
}

function prettyLine(line: string): string {
  const { time, level, service, instance: _, msg, err, ...rest } = JSON.parse(line);
  const clock = String(time).slice(11, 23);
  const fields = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const stack = err ? `\n${prettyError(err)}` : '';
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${service} ${msg ?? ''}${fields}${stack}`;
}

interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  cause?: LoggedError;
}

function prettyError(error: LoggedError): string {
  const own = error.stack ?? `${error.type}: ${error.message}`;
  return error.cause ? `${own}\ncaused by ${prettyError(error.cause)}` : own;
}
