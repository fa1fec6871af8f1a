export interface LogEntry {
  /** Milliseconds since 1970; undefined where the line has no time. */
  time: number | undefined;
  level: string;
  message: string;
  /** Without what every line of a process has. */
  fields: Record<string, unknown>;
  errors: LoggedError[];
}

export interface LoggedError {
  type?: string;
  message?: string;
  stack?: string;
  cause?: LoggedError;
}

const levels: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** A line as services log them, in pino's JSON; undefined for any other line. */
export function readLogEntry(line: string): LogEntry | undefined {
  const entry = parse(line);
  if (!entry) return undefined;
  // The process is named beside the line, so that here these say nothing.
  const { level, time, msg, pid: _, hostname: _h, service: _s, instance: _i, ...rest } = entry;
  const fields = Object.entries(rest);
  return {
    time: timeOf(time),
    level: levels[Number(level)] ?? String(level),
    message: typeof msg === 'string' ? msg : '',
    fields: Object.fromEntries(fields.filter(([, value]) => !isError(value))),
    errors: fields.map(([, value]) => value).filter(isError),
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return 'level' in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'number' ? value : Date.parse(String(value));
  return Number.isNaN(time) ? undefined : time;
}

function isError(value: unknown): value is LoggedError {
  return typeof value === 'object' && value !== null && ('stack' in value || 'message' in value);
}
