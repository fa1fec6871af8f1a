import type { Figure } from '../figure.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import { profileRedirect } from '../profile/profile-redirect.ts';
import type { Row } from '../row.ts';
import { startBare } from '../subjects/start-bare.ts';
import { briefly, measureBeside } from './measure-beside.ts';
import { bareSide, redirectSide } from './redirect-side.ts';

/** More than a scanner tries at once, fewer than a process remembers. */
const requests = {
  kind: 'numbered',
  prefix: 'unknown',
  first: 0,
  stride: 1,
  count: 1_000,
} as const;

/** Somebody who guesses. A thousand slugs, asked for again and again; then the same refused by the rate limit. */
export const unknownSlugs: Row = {
  name: 'unknown-slugs',
  title:
    'Slugs that do not exist, after the first look-up; and what a scanner costs that is refused',
  seconds: 60,
  async run(whole) {
    const house = await whole.house();
    const { stack, session } = house;
    const measure = async (name: string, status: number, limit?: number): Promise<Figure> => {
      const bench = limit === undefined ? briefly(whole) : whole;
      const path = '/unknown0000000';
      const bare = await startBare({ origin: stack.shortOrigin, path, route: '/:slug' });
      try {
        const question = { requests, status };
        const redirect = redirectSide(bench, house, question, { countsClicks: false });
        const rounds = await measureBeside(bench, {
          bare: bareSide(bench, bare, question),
          redirect,
        });
        if (limit !== undefined) await profileRedirect(bench, stack, 'unknown slugs', redirect);
        await expectStatus(`${stack.shortOrigin}${path}`, status);
        return ratioFigure(rounds, {
          name,
          subject: ['redirect', 'process'],
          baseline: ['bare', 'process'],
          ...(limit !== undefined && { target: { of: 'ratio', bound: 'at least', limit } }),
        });
      } finally {
        await bare.stop();
      }
    };
    await session.changeSettings({ rateLimits: false });
    const free = await measure('unknown slugs, after the first; redirect process', 404, 0.8);
    await session.changeSettings({ rateLimits: true, unknownSlugsPerMinute: 1 });
    // Uses up what is allowed, so that the baseline copies a refusal.
    for (let i = 0; i < 3; i += 1) await fetch(`${stack.shortOrigin}/unknown0000000`);
    const refused = await measure('the same, refused with 429; redirect process', 429);
    await session.changeSettings({ unknownSlugsPerMinute: 60 });
    return [free, refused];
  },
};

async function expectStatus(url: string, status: number): Promise<void> {
  const answer = await fetch(url, { redirect: 'manual' });
  await answer.body?.cancel();
  if (answer.status !== status) throw new Error(`${url} answers ${answer.status}, not ${status}.`);
}
