import { StartError } from './start-error.ts';

/** Whether `explain` has a sentence for the error that says all that helps. */
export function isUsual(error: unknown): boolean {
  return error instanceof StartError || remedyFor(error) !== undefined;
}

/** One sentence for an error; for the usual suspects, one with the remedy. */
export function explain(error: unknown): string {
  return remedyFor(error) ?? messageOf(error);
}

function remedyFor(error: unknown): string | undefined {
  const message = messageOf(error);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || /no space left on device/i.test(message)) {
    return 'The disk is full: free some space (a GB will do) and start again.';
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `${message}: start the stack as the user who owns that directory, or give it to the user who starts the stack.`;
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return 'Too many files are open: raise the limit with `ulimit -n 4096` and start again.';
  }
  return undefined;
}

/** `fetch` says "fetch failed" and keeps the reason in its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
