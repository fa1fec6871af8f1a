import type { ServerExit } from './server-process.ts';

const MAX_LINES = 20;

/** An error that says how the server ended and the last lines of what it logged. */
export function startFailure(name: string, { code, signal }: ServerExit, log: string): Error {
  const lines = log.trimEnd().split('\n').slice(-MAX_LINES);
  const how = signal ?? `exit code ${code}`;
  return new Error(`${name} did not start (${how}). Its last words:\n${lines.join('\n')}`);
}
