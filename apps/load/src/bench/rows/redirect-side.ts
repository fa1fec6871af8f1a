import type { Bench, House } from '../bench.ts';
import type { Load } from '../load.ts';
import type { Side } from '../measure/measure-rounds.ts';
import { cpuSeconds } from '../measure/process-figures.ts';
import type { Program } from '../subjects/start-program.ts';

/** What is asked, besides of whom and for how long. */
export type Question = Pick<Load, 'requests' | 'headers' | 'status' | 'connections'>;

/** A bare server as one side of a comparison. */
export function bareSide({ driver, options }: Bench, bare: Program, question: Question): Side {
  return {
    cpu: { process: () => cpuSeconds(bare.pid) },
    drive: async () =>
      (await driver.run({ ...question, origin: bare.origin, seconds: options.seconds })).answers,
  };
}

/**
 * The redirect service as one side: `process` counts the redirect process, `pipeline` also its Redis, redirect-jobs and PostgreSQL
 * until every click is counted. Numbered slugs go on from round to round.
 */
export function redirectSide(
  { driver, options }: Bench,
  { stack, clicks }: House,
  question: Question,
  { countsClicks = true } = {},
): Side {
  let first = 0;
  const cpuOf = (...names: string[]) =>
    names.reduce((total, name) => total + cpuSeconds(stack.pid(name)), 0);
  return {
    cpu: { process: () => cpuOf('redirect') },
    settledCpu: {
      pipeline: () => cpuOf('redirect', 'redis-jobs-redirect', 'redirect-jobs', 'postgres'),
      ingestion: () => cpuOf('redirect-jobs'),
    },
    async drive() {
      const requests =
        question.requests.kind === 'numbered'
          ? { ...question.requests, first: question.requests.first + first }
          : question.requests;
      const { answers, sent } = await driver.run({
        ...question,
        requests,
        origin: stack.shortOrigin,
        seconds: options.seconds,
      });
      first += sent;
      if (countsClicks) clicks.expect(answers);
      return answers;
    },
    settle: async () => {
      if (countsClicks) await clicks.settle();
    },
  };
}
