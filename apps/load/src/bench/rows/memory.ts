import { setTimeout as pause } from 'node:timers/promises';
import { proportionalMebibytes, residentMebibytes } from '../measure/process-figures.ts';
import type { Row } from '../row.ts';
import { linkPrefix } from '../seed/seeded-links.ts';
import { readMetric } from '../subjects/read-metric.ts';

/** What a process keeps in memory at most. */
const kept = 100_000;

/** What the stack takes when nobody comes, and the redirect process when it is full of links. */
export const memory: Row = {
  name: 'memory',
  title: 'The whole native stack idle; the redirect process with 100,000 links in memory',
  seconds: 50,
  async run(bench) {
    const { stack, links, clicks } = await bench.house();
    bench.say('idle');
    await pause(bench.options.quick ? 1_000 : 5_000);
    const idle = stack.names.reduce(
      (total, name) => total + proportionalMebibytes(stack.pid(name)),
      0,
    );
    const count = bench.options.quick ? 5_000 : kept;
    await links.ensure(count);
    await stack.restart('redirect');
    bench.say(`following ${count.toLocaleString('en')} links`);
    for (let first = 0; first < count; ) {
      const requests = { kind: 'numbered', prefix: linkPrefix, first, stride: 1, count } as const;
      const load = { origin: stack.shortOrigin, requests, seconds: bench.options.quick ? 1 : 3 };
      const { answers, sent } = await bench.driver.run(load);
      clicks.expect(answers);
      first += sent;
    }
    await clicks.settle();
    const entries = await readMetric(stack.metricsUrl, 'shortstack_cache_entries', {
      cache: 'links',
      kind: 'value',
    });
    return [
      {
        name: 'whole native stack, idle; shared pages counted once',
        unit: 'MiB',
        value: idle,
        target: { of: 'value', bound: 'at most', limit: 1_024 },
      },
      {
        name: `redirect process with ${entries.toLocaleString('en')} links of 120 bytes in memory; resident`,
        unit: 'MiB',
        value: residentMebibytes(stack.pid('redirect')),
        target: { of: 'value', bound: 'at most', limit: 150 },
      },
    ];
  },
};
