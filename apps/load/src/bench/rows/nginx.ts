import { cpuSeconds } from '../measure/process-figures.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import type { Row } from '../row.ts';
import { startBare } from '../subjects/start-bare.ts';
import { startNginx } from '../subjects/start-nginx.ts';
import { briefly, measureBeside } from './measure-beside.ts';
import { bareSide } from './redirect-side.ts';

/** The ceiling of all: a server in C that looks nothing up. */
export const nginx: Row = {
  name: 'nginx',
  title: '`return 302` by nginx, one worker, for orientation',
  seconds: 20,
  async run(whole) {
    const bench = briefly(whole);
    const { stack, links } = await bench.house();
    await links.ensure(1);
    const name = 'nginx `return 302`; its processes';
    const server = await startNginx();
    if (server === undefined) return [{ name, unit: '', notMeasurable: 'nginx is not installed' }];
    const path = '/l0000000';
    const bare = await startBare({ origin: stack.shortOrigin, path, route: '/:slug' });
    try {
      const question = { requests: { kind: 'path', path } } as const;
      const { seconds } = bench.options;
      const rounds = await measureBeside(bench, {
        bare: bareSide(bench, bare, question),
        nginx: {
          cpu: { process: () => cpuSeconds(server.pid) },
          drive: async () =>
            (await bench.driver.run({ ...question, origin: server.origin, seconds })).answers,
        },
      });
      return [
        ratioFigure(rounds, {
          name,
          subject: ['nginx', 'process'],
          baseline: ['bare', 'process'],
        }),
      ];
    } finally {
      await Promise.all([bare.stop(), server.stop()]);
    }
  },
};
