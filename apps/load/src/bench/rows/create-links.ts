import { randomBytes } from 'node:crypto';
import { cpuSeconds } from '../measure/process-figures.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import type { Row } from '../row.ts';
import { signIn } from '../subjects/sign-in.ts';
import type { Stack } from '../subjects/stack.ts';
import { programFile } from '../subjects/start-bare.ts';
import { type Program, startProgram } from '../subjects/start-program.ts';
import { measureBeside } from './measure-beside.ts';

const path = '/api/links';

/** One link per request, as a program with an API key makes them. */
export const createLinks: Row = {
  name: 'create',
  title:
    'Create a link: API key, rate limit, transaction, outbox, cache; beside one INSERT … RETURNING',
  seconds: 50,
  async run(bench) {
    const { stack, session } = await bench.house();
    const { driver, options } = bench;
    // On, and high enough. A key each round, lest the burst of one run out.
    await session.changeSettings({ rateLimits: true, linksPerMinute: 100_000 });
    const keys = await makeKeys(stack, options.rounds + 1);
    const bare = await startBareInsert(stack, session.accountId);
    try {
      let first = 0;
      const drive = async (origin: string, headers: Record<string, string>) => {
        const requests = { kind: 'create', path, first } as const;
        const { seconds } = options;
        const result = await driver.run({ origin, requests, headers, seconds, status: 201 });
        first += result.sent;
        return result.answers;
      };
      const rounds = await measureBeside(bench, {
        bare: {
          cpu: { process: () => cpuSeconds(bare.pid) },
          drive: () => drive(bare.origin, {}),
        },
        create: {
          cpu: { process: () => cpuSeconds(stack.pid('create')) },
          drive: () => drive(stack.appOrigin, { Authorization: `Bearer ${keys.pop() ?? ''}` }),
        },
      });
      return [
        ratioFigure(rounds, {
          name: 'create a link; create process',
          subject: ['create', 'process'],
          baseline: ['bare', 'process'],
          target: { of: 'ratio', bound: 'at least', limit: 0.6 },
        }),
        {
          name: 'create a link; throughput beside the load tool',
          unit: 'links per second',
          value: rounds.perSecond('create'),
          baseline: rounds.perSecond('bare'),
          ratio: rounds.perSecond('create') / rounds.perSecond('bare'),
        },
      ];
    } finally {
      await bare.stop();
    }
  },
};

/** Keys of as many accounts. */
export async function makeKeys(stack: Stack, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const email = `${randomBytes(8).toString('hex')}@example.com`;
    const session = await signIn(stack, { email, password: 'correct horse battery' }, 'register');
    keys.push(await session.makeKey());
  }
  return keys;
}

export function startBareInsert(stack: Stack, accountId: string): Promise<Program> {
  return startProgram({
    command: process.execPath,
    arguments: (port) => [
      '--conditions=source',
      programFile('bare-insert-server.ts'),
      `${port}`,
      accountId,
    ],
    env: { DATABASE_URL: stack.ownerUrl },
    readyPath: '/',
  });
}
