import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface OpenLoopQuestion {
  url: string;
  /** Requests per second, sent whether or not earlier ones are answered. */
  rate: number;
  connections: number;
  /** At least 2: the first one warms up. */
  seconds: number;
}

export interface OpenLoopAnswer {
  answers: number;
  /** Without an answer, or with another status than 2xx or 3xx. */
  failed: number;
  /** From when each request was meant to be sent, after the first second; as `percentiles` has them. */
  latencyMs: number[];
  /** How late the generator itself was, after the first second. */
  latenessP99Ms: number;
  perSecond: number[];
}

const program = fileURLToPath(new URL('open-loop-program.ts', import.meta.url));

/** Runs the bundled generator in a process of its own. Rejects if a request fails. */
export async function runOpenLoop(question: OpenLoopQuestion): Promise<OpenLoopAnswer> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, JSON.stringify(question)],
    { timeout: (question.seconds + 30) * 1_000 },
  );
  const answer = JSON.parse(stdout) as OpenLoopAnswer;
  if (answer.failed > 0) {
    throw new Error(`At ${question.rate}/s ${answer.failed} of ${answer.answers} requests failed.`);
  }
  return answer;
}
