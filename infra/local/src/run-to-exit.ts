import { explain, isUsual } from './explain.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';

/**
 * Runs the supervisor as this process's only work and exits: 0 when it was stopped, 1 when it could not
 * start (one sentence says why) or met something unforeseen (with its stack).
 */
export async function runToExit(work: (stop: StopRequest) => Promise<void>): Promise<never> {
  const stop = listenForStop();
  try {
    await work(stop);
  } catch (error) {
    if (isUsual(error)) console.error(`\n${explain(error)}\n`);
    else console.error(error, '\n\n`npm run doctor` looks for what is wrong with this machine.\n');
    process.exitCode = 1;
  }
  process.exit();
}
