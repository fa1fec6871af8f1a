import type { Figure } from '../figure.ts';
import { median } from '../measure/median.ts';
import type { Row } from '../row.ts';
import { seedClicks } from '../seed/seed-clicks.ts';

const dayMs = 86_400_000;
const ranges = [
  { interval: 'minute', days: 1 },
  { interval: 'hour', days: 7 },
  { interval: 'day', days: 365 },
];

/** What a dashboard waits for. */
export const statistics: Row = {
  name: 'statistics',
  title: 'Statistics of a link with ten million clicks, and as many before; none from a cache',
  seconds: 90,
  async run(bench) {
    const house = await bench.house();
    const count = bench.options.quick ? 50_000 : 10_000_000;
    bench.say(`writing ${count.toLocaleString('en')} clicks`);
    const slug = await seedClicks(house, count);
    const figures: Figure[] = [];
    for (const { interval, days } of ranges) {
      bench.say(`by ${interval}`);
      const timesMs: number[] = [];
      for (let i = 0; i < (bench.options.quick ? 10 : 60); i += 1) {
        // Another range each time, lest the cache answer.
        const to = new Date(Date.now() - i * 1_000);
        const from = new Date(to.getTime() - days * dayMs);
        const query = new URLSearchParams({
          ...{ interval, from: from.toISOString(), to: to.toISOString() },
        });
        const startedAt = performance.now();
        await house.session.call('GET', `/api/links/${slug}/stats?${query.toString()}`);
        timesMs.push(performance.now() - startedAt);
      }
      // The first ones warm up connections and plans.
      const counted = timesMs.slice(Math.floor(timesMs.length / 4)).sort((a, b) => a - b);
      figures.push({
        name: `statistics of ${count.toLocaleString('en')} clicks by ${interval}, ${days} days; median`,
        unit: 'ms',
        value: median(counted),
        target: { of: 'value', bound: 'at most', limit: 20 },
        note: `p90 ${(counted[Math.floor(counted.length * 0.9)] ?? 0).toFixed(1)} ms`,
      });
    }
    return figures;
  },
};
