import { cpuSeconds } from '../measure/process-figures.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import type { Row } from '../row.ts';
import { startBare } from '../subjects/start-bare.ts';
import { measureBeside } from './measure-beside.ts';
import { bareSide } from './redirect-side.ts';

/** A request with a session cookie, which create reads from the session Redis each time. */
export const signedIn: Row = {
  name: 'signed-in',
  title: 'GET /api/auth/me with a session cookie',
  seconds: 45,
  async run(bench) {
    const { stack, session } = await bench.house();
    const path = '/api/auth/me';
    const { cookie = '' } = session.headers;
    const origin = stack.appOrigin;
    const bare = await startBare({ origin, path, route: path, headers: { cookie } });
    try {
      const question = {
        requests: { kind: 'path', path },
        headers: { Cookie: cookie },
        status: 200,
      } as const;
      const { seconds } = bench.options;
      const rounds = await measureBeside(bench, {
        bare: bareSide(bench, bare, question),
        create: {
          cpu: { process: () => cpuSeconds(stack.pid('create')) },
          drive: async () => (await bench.driver.run({ ...question, origin, seconds })).answers,
        },
      });
      return [
        ratioFigure(rounds, {
          name: 'signed-in request; create process',
          subject: ['create', 'process'],
          baseline: ['bare', 'process'],
          target: { of: 'ratio', bound: 'at least', limit: 0.5 },
        }),
      ];
    } finally {
      await bare.stop();
    }
  },
};
