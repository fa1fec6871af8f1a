import type { Figure } from '../figure.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import { profileRedirect } from '../profile/profile-redirect.ts';
import type { Row } from '../row.ts';
import { slugOf } from '../seed/seeded-links.ts';
import { startBare } from '../subjects/start-bare.ts';
import { measureBeside } from './measure-beside.ts';
import { bareSide, redirectSide } from './redirect-side.ts';

/** One link that everybody follows. */
export const hotRedirect: Row = {
  name: 'hot-redirect',
  title: 'A link in memory; each click acknowledged by the local Redis before the answer',
  seconds: 50,
  async run(bench) {
    const house = await bench.house();
    await house.links.ensure(10_000);
    const path = `/${slugOf(1)}`;
    const bare = await startBare({ origin: house.stack.shortOrigin, path, route: '/:slug' });
    try {
      const question = { requests: { kind: 'path', path } } as const;
      const redirect = redirectSide(bench, house, question);
      const rounds = await measureBeside(bench, {
        bare: bareSide(bench, bare, question),
        redirect,
      });
      await profileRedirect(bench, house.stack, 'hot redirects', redirect);
      const figure = (name: string, counted: string, limit: number): Figure =>
        ratioFigure(rounds, {
          name,
          subject: ['redirect', counted],
          baseline: ['bare', 'process'],
          target: { of: 'ratio', bound: 'at least', limit },
        });
      return [
        figure('hot redirect; redirect process', 'process', 0.9),
        figure('hot redirect; redirect, its Redis, redirect-jobs, PostgreSQL', 'pipeline', 0.5),
        {
          name: 'hot redirect; throughput beside the load tool',
          unit: 'requests per second',
          value: rounds.perSecond('redirect'),
          baseline: rounds.perSecond('bare'),
          ratio: rounds.perSecond('redirect') / rounds.perSecond('bare'),
        },
      ];
    } finally {
      await bare.stop();
    }
  },
};
