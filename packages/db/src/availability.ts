import { AppError, unavailable } from '@shortstack/errors';

/**
 * SQLSTATE classes and codes that say "try again later": connection trouble (08), too many connections and out of
 * resources (53), shutting down or starting (57P), a statement or transaction past its deadline (57014, 25P04),
 * a read-only stand-by after a fail-over (25006), serialization failures and deadlocks (40).
 */
const passing = /^(08|53|40|57P|57014|25P04|25006)/;

/** What PostgreSQL calls its errors. (EPIPE has five characters too.) */
const sqlState = /^[0-9FHPX][0-9A-Z]{4}$/;

/** Of the driver and of the operating system: there is no SQLSTATE when no server answered. */
const connectionTrouble =
  /ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|Connection terminated|timeout|Client has encountered a connection error|not queryable/i;

/** The pg error behind what Drizzle wraps around it. */
export function databaseErrorOf(error: unknown): {
  code?: string;
  constraint?: string;
  message: string;
} {
  let current = error as { code?: string; constraint?: string; message?: string; cause?: unknown };
  while (current?.cause !== undefined && current.code === undefined) {
    current = current.cause as typeof current;
  }
  return {
    ...(current?.code === undefined ? {} : { code: current.code }),
    ...(current?.constraint === undefined ? {} : { constraint: current.constraint }),
    message: current?.message ?? String(error),
  };
}

const unavailableCode = 'DATABASE_UNAVAILABLE';

/** Whether PostgreSQL was away or overloaded, rather than the query wrong; also of an error that says so already. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof AppError) return error.code === unavailableCode;
  const { code, message } = databaseErrorOf(error);
  if (code !== undefined && sqlState.test(code)) return passing.test(code);
  return connectionTrouble.test(`${code ?? ''} ${message}`);
}

/** AppError `DATABASE_UNAVAILABLE` where that is so, or where a breaker before it is open; any other error as it is. */
export function asAvailabilityError(error: unknown): unknown {
  if (error instanceof AppError && error.code !== 'CIRCUIT_OPEN') return error;
  if (!(error instanceof AppError) && !isDatabaseUnavailable(error)) return error;
  return unavailable(unavailableCode, 'The database does not answer. Try again in a moment.', {
    cause: error,
  });
}

/** Whether a unique constraint (optionally one of that name) refused the row. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = databaseErrorOf(error);
  return found.code === '23505' && (constraint === undefined || found.constraint === constraint);
}
