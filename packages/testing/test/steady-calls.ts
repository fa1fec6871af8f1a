import { setTimeout as pause } from 'node:timers/promises';

/** Makes a call over and over, one at a time, and notes what became of each. */
export function steadyCalls(call: (number: number) => Promise<unknown>) {
  const acknowledged: number[] = [];
  let stopped = false;
  let rejected = 0;
  let longestMs = 0;
  const running = run();

  async function run() {
    for (let number = 1; !stopped; number += 1) {
      const start = performance.now();
      try {
        await call(number);
        acknowledged.push(number);
      } catch {
        rejected += 1;
      }
      longestMs = Math.max(longestMs, performance.now() - start);
      await pause(10);
    }
  }

  return {
    /** The numbers of the calls that succeeded. */
    acknowledged,
    get rejected() {
      return rejected;
    },
    get longestMs() {
      return longestMs;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
