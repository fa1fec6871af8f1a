import { setTimeout as pause } from 'node:timers/promises';
import { signalFamily } from '@shortstack/servers';

const SUSPENDED_MS = 300;
const RUNNING_MS = 100;

/**
 * Makes a server and its children slow: they are suspended for 300 of every 400 ms, so that what took a millisecond takes a few
 * hundred and nothing is lost. Returns a function that ends it and resolves when all of them run.
 */
export function slowDown(pid: number): () => Promise<void> {
  const end = new AbortController();
  const wait = (ms: number) => pause(ms, undefined, { signal: end.signal }).catch(() => {});
  const slow = (async () => {
    while (!end.signal.aborted) {
      await signalFamily(pid, 'SIGSTOP');
      await wait(SUSPENDED_MS);
      await signalFamily(pid, 'SIGCONT');
      await wait(RUNNING_MS);
    }
  })();
  return async () => {
    end.abort();
    await slow;
  };
}
