// Preloaded into each service's process. Its standard input is a pipe that nobody writes to and that the
// kernel closes when the supervisor ends, even by `kill -9`: then the service shuts down by itself.
import { fstatSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && isPipe()) {
  const letGo = () => process.kill(process.pid, 'SIGTERM');
  process.stdin.once('end', letGo).once('error', letGo).resume();
  // It must not keep the process alive. (Standard input is typed as a terminal; a pipe has `unref`, too.)
  process.stdin.unref();
}

function isPipe(): boolean {
  const input = fstatSync(0);
  return input.isSocket() || input.isFIFO();
}
