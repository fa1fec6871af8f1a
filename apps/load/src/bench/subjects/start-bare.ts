import { fileURLToPath } from 'node:url';
import { userAgent } from '../load.ts';
import { answerSize } from './answer-size.ts';
import type { BareAnswer } from './bare-server.ts';
import { type Program, startProgram } from './start-program.ts';

export interface Likeness {
  /** Of the service. */
  origin: string;
  path: string;
  /** Of the bare server, such as `/:slug`. */
  route: string;
  headers?: Readonly<Record<string, string>>;
}

/** Those that Node adds by itself. */
const ofNode = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];

/**
 * Starts the bare server, answering what the service answers to this request now, and checks that both answers have
 * the same header names and the same number of bytes.
 */
export async function startBare({ origin, path, route, headers = {} }: Likeness): Promise<Program> {
  const all = { 'user-agent': userAgent, ...headers };
  const answer = await fetch(`${origin}${path}`, { redirect: 'manual', headers: all });
  const like: BareAnswer = {
    route,
    status: answer.status,
    headers: Object.fromEntries([...answer.headers].filter(([name]) => !ofNode.includes(name))),
    body: await answer.text(),
  };
  const bare = await startProgram({
    command: process.execPath,
    arguments: (port) => [programFile('bare-server.ts'), `${port}`, JSON.stringify(like)],
    readyPath: path,
  });
  const sizes = await Promise.all([origin, bare.origin].map((from) => answerSize(from, path, all)));
  if (sizes[0] !== sizes[1]) {
    await bare.stop();
    throw new Error(
      `The baseline must answer ${path} as the service does: it sends ${sizes[1]}, the service ${sizes[0]}.`,
    );
  }
  return bare;
}

export function programFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
