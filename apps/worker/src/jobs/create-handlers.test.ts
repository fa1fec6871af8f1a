import { AppError, unavailable } from '@shortstack/errors';
import { expect, test } from 'vitest';
import { createHandlers } from './create-handlers.ts';
import { createWorkLog } from './work-log.ts';
import { type WorkJobs, workQueue } from './work-queue.ts';

type Name = keyof WorkJobs;
const names = Object.keys(workQueue.jobs) as Name[];
const nothing = async () => null;

function sweepWith(work: () => Promise<string | null>) {
  const log = createWorkLog(() => new Date('2026-11-21T12:00:00Z'));
  const handlers = createHandlers(
    {
      ...(Object.fromEntries(names.map((name) => [name, nothing])) as Record<Name, typeof nothing>),
      'sweep-registry': work,
    },
    log,
  );
  const signal = new AbortController().signal;
  const run = (attempt: number) =>
    handlers['sweep-registry'](
      {},
      {
        ...{ id: 'j', attempt, signal, progress: async () => {} },
        children: async () => ({ completed: 0, failed: 0 }),
      },
    );
  return { log, run };
}

test('a run that meets an outage is tried again, and left to the schedule after its last try', async () => {
  const { log, run } = sweepWith(async () => {
    throw unavailable('REDIS_UNAVAILABLE', 'away');
  });
  await expect(run(1)).rejects.toThrow('away');
  await expect(run(2)).rejects.toThrow('away');
  await run(3);
  expect(log.successes().size).toBe(0);
});

test('a run that fails for another reason fails to the last', async () => {
  const { run } = sweepWith(async () => {
    throw new AppError('internal', 'BUG', 'broken');
  });
  await expect(run(3)).rejects.toThrow('broken');
});

test('the log keeps the last work that was worth telling, and every success', async () => {
  let done: string | null = 'swept 2';
  const { log, run } = sweepWith(async () => done);
  await run(1);
  done = null;
  await run(1);
  expect(log.last()).toBe('swept 2 at 2026-11-21T12:00:00.000Z');
  expect([...log.successes()]).toEqual([['sweep-registry', Date.parse('2026-11-21T12:00:00Z')]]);
});
