import { availableParallelism } from 'node:os';
import { measureRounds } from '../measure/measure-rounds.ts';
import { median } from '../measure/median.ts';
import type { Row } from '../row.ts';
import { slugOf } from '../seed/seeded-links.ts';

const neededCores = 4;

/** Whether a second redirect process on the same port does as much as the first. */
export const twoProcesses: Row = {
  name: 'two-processes',
  title: 'Throughput of two redirect processes on one port against one',
  seconds: 60,
  async run(bench) {
    const name = 'two redirect processes against one';
    const unit = 'requests per second';
    const target = { of: 'ratio', bound: 'at least', limit: 1.8 } as const;
    const cores = availableParallelism();
    if (cores < neededCores) {
      return [{ name, unit, target, notMeasurable: `${cores} cores, ${neededCores} needed` }];
    }
    const { stack, links, clicks } = await bench.house();
    await links.ensure(1_000);
    const requests = { kind: 'path', path: `/${slugOf(1)}` } as const;
    const side = {
      cpu: {},
      async drive() {
        const { seconds } = bench.options;
        const load = { origin: stack.shortOrigin, requests, connections: 128, seconds };
        const { answers } = await bench.driver.run({ ...load, threads: 2 });
        clicks.expect(answers);
        return answers;
      },
      settle: async () => void (await clicks.settle()),
    };
    const rates: { one: number; two: number }[] = [];
    for (let round = 0; round < bench.options.rounds; round += 1) {
      bench.say(`round ${round + 1} of ${bench.options.rounds}`);
      const measure = async (processes: number) => {
        await stack.restart('redirect', { REDIRECT_PROCESSES: `${processes}` });
        await side.drive();
        return (await measureRounds(1, { side })).perSecond('side');
      };
      rates.push({ one: await measure(1), two: await measure(2) });
    }
    await stack.restart('redirect');
    const ratios = rates.map(({ one, two }) => two / one);
    return [
      {
        ...{ name, unit, target, ratios },
        value: median(rates.map(({ two }) => two)),
        baseline: median(rates.map(({ one }) => one)),
        ratio: median(ratios),
      },
    ];
  },
};
