import { median } from '../measure/median.ts';
import type { Row } from '../row.ts';
import { copyCheckout } from '../subjects/copy-checkout.ts';
import { timeNpmStart } from '../subjects/time-npm-start.ts';

/** How long a developer waits. */
export const startUp: Row = {
  name: 'start',
  title: '`npm start` on an installed checkout until all services are ready',
  seconds: 60,
  async run(bench) {
    const checkout = await copyCheckout();
    try {
      bench.say('the first time, without data');
      const first = await timeNpmStart(checkout.directory);
      const again: number[] = [];
      const count = bench.options.quick ? 1 : 2;
      for (let round = 1; round <= count; round += 1) {
        bench.say(`again, ${round} of ${count}`);
        again.push(await timeNpmStart(checkout.directory));
      }
      const target = { of: 'value', bound: 'at most', limit: 8 } as const;
      return [
        { name: '`npm start` to all ready, with data', unit: 's', value: median(again), target },
        { name: '`npm start` to all ready, the first time', unit: 's', value: first, target },
      ];
    } finally {
      await checkout.remove();
    }
  },
};
