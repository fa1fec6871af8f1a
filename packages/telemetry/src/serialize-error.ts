import { redactMessage } from './redact.ts';

export interface SerializedError {
  type: string;
  message: string;
  stack?: string;
  cause?: SerializedError;
  errors?: SerializedError[];
  [field: string]: unknown;
}

/**
 * Fields worth keeping. Everything else is dropped, since drivers attach values to their errors:
 * PostgreSQL `detail`, `where` and `parameters`, Drizzle `params`, ioredis `command.args`.
 */
const keptFields = [
  'code',
  'kind',
  'statusCode',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'syscall',
  'address',
  'port',
] as const;

const maxDepth = 6;
const maxErrors = 5;

/**
 * Turns anything thrown into plain data for the log: type, message, stack, a fixed list of
 * harmless fields, and the chain of causes (up to 6 deep; the first 5 of an AggregateError).
 */
export function serializeError(error: unknown): SerializedError {
  return serialize(error, maxDepth);
}

function serialize(error: unknown, depth: number): SerializedError {
  if (!(error instanceof Error)) {
    const message = typeof error === 'string' ? redactMessage(error) : `thrown ${typeof error}`;
    return { type: 'NonError', message };
  }
  const message = redactMessage(error.message);
  const result: SerializedError = { type: error.name, message };
  if (error.stack !== undefined) result.stack = redactStack(error.stack, error.message, message);

  const fields = error as Error & Record<string, unknown>;
  for (const name of keptFields) {
    const value = fields[name];
    if (typeof value === 'string' || typeof value === 'number') result[name] = value;
  }
  const command = fields.command as { name?: unknown } | undefined;
  if (typeof command?.name === 'string') result.command = command.name;

  if (depth <= 1) return result;
  if (error.cause !== undefined) result.cause = serialize(error.cause, depth - 1);
  if (error instanceof AggregateError) {
    result.errors = error.errors.slice(0, maxErrors).map((each) => serialize(each, depth - 1));
  }
  return result;
}

/** The stack repeats the message, so the message is replaced there too. */
function redactStack(stack: string, message: string, redacted: string): string {
  const frames = stack.indexOf('\n    at ');
  const head = frames === -1 ? stack : stack.slice(0, frames);
  const tail = frames === -1 ? '' : stack.slice(frames);
  const start = message === '' ? -1 : head.indexOf(message);
  if (start === -1) return redactMessage(head) + tail;
  return head.slice(0, start) + redacted + head.slice(start + message.length) + tail;
}
