import { UnrecoverableError } from 'bullmq';

/**
 * Makes the error to throw from a handler when trying again can't help: the job goes to the dead letters at once.
 * It is BullMQ's `UnrecoverableError`, with what led to it as its `cause`. Every other error is retried.
 */
export function permanent(message: string, cause?: unknown): UnrecoverableError {
  const error = new UnrecoverableError(message);
  if (cause !== undefined) error.cause = cause;
  return error;
}
