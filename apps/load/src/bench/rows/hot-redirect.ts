import type { Figure } from '../figure.ts';
import { measureRounds } from '../measure/measure-rounds.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import { slugOf } from '../seed/seeded-links.ts';
import { startBare } from '../subjects/start-bare.ts';
import type { Row } from '../row.ts';
import { bareSide, redirectSide } from './redirect-side.ts';

/** One link that everybody follows. */
export const hotRedirect: Row = {
  name: 'hot-redirect',
  title: 'A link in the process’s memory, each click acknowledged by the local Redis before the answer',
  seconds: 60,
  async run(bench) {
    const house = await bench.house();
    await house.links.ensure(10_000);
    const path = `/${slugOf(1)}`;
    const bare = await startBare({ origin: house.stack.shortOrigin, path, route: '/:slug' });
    try {
      const question = { requests: { kind: 'path', path } } as const;
      const sides = {
        bare: bareSide(bench, bare, question),
        redirect: redirectSide(bench, house, question),
      };
      bench.say('warming up');
      await measureRounds(1, sides);
      const rounds = await measureRounds(bench.options.rounds, sides, (number) =>
        bench.say(`round ${number} of ${bench.options.rounds}`),
      );
      const figure = (name: string, counted: string, limit: number): Figure =>
        ratioFigure(rounds, {
          name,
          subject: ['redirect', counted],
          baseline: ['bare', 'process'],
          target: { of: 'ratio', bound: 'at least', limit },
        });
      return [
        {
          ...figure('hot redirect; redirect process', 'process', 0.9),
          note: `${Math.round(rounds.perSecond('redirect')).toLocaleString('en')} requests per second, bare ${Math.round(rounds.perSecond('bare')).toLocaleString('en')}`,
        },
        figure('hot redirect; redirect, its Redis, redirect-jobs, PostgreSQL', 'pipeline', 0.5),
      ];
    } finally {
      await bare.stop();
    }
  },
};
