import type { ServerProcess } from './server-process.ts';

const MAX_LINES = 20;

/** An error that says how the server ended and the last lines of what it logged. */
export async function startFailure(name: string, server: ServerProcess): Promise<Error> {
  const lines = (await server.output()).trimEnd().split('\n').slice(-MAX_LINES);
  const how = server.exit?.signal ?? `exit code ${server.exit?.code}`;
  return new Error(`${name} did not start (${how}). Its last words:\n${lines.join('\n')}`);
}
