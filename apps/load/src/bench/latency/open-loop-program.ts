import { runOpenLoop } from '../../generate/run-loop.ts';
import { addTally, createTally } from '../../generate/tally.ts';
import { percentiles } from './percentiles.ts';
import type { OpenLoopAnswer, OpenLoopQuestion } from './run-open-loop.ts';

/**
 * A program: asks for one URL at a fixed rate in a process of its own, so that nothing of the benchmark delays it. Prints JSON. The latencies
 * of the first second are left out: in it connections are opened and the generator's own code is compiled, which delays the bare server
 * as well.
 */
const question = JSON.parse(process.argv[2] ?? '') as OpenLoopQuestion;
const { total, seconds } = await runOpenLoop(question);
const steady = createTally();
for (const { tally } of seconds.slice(1)) addTally(steady, tally);
const failures = Object.values(total.failures).reduce((sum, count) => sum + count, 0);
const answer: OpenLoopAnswer = {
  answers: total.answers,
  failed: failures + total.unexpected,
  latencyMs: percentiles.map((percent) => steady.latency.percentile(percent) / 1_000),
  latenessP99Ms: steady.lateness.count === 0 ? 0 : steady.lateness.percentile(99) / 1_000,
  perSecond: seconds.map(({ tally }) => tally.answers),
};
console.log(JSON.stringify(answer));
