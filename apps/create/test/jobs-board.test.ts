import { queueBoardPath } from '@shortstack/contracts';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { openStack } from './start-create-jobs.ts';

test('the jobs process shows its board and replays dead letters for nobody without a token of worker', async () => {
  const { internalUrl } = await (await openStack()).start();
  const board = `${internalUrl}${queueBoardPath('create')}`;
  const requests: [method: string, path: string][] = [
    ['GET', '/'],
    ['GET', '/api/queues'],
    ['PUT', '/api/queues/create-work/x/retry'],
    ['POST', '/dead-letters/replay'],
  ];
  for (const [method, path] of requests) {
    const answer = await fetch(`${board}${path}`, { method });
    expect([path, answer.status, await answer.json()]).toEqual([
      ...[path, 401, expect.objectContaining({ code: 'SERVICE_TOKEN_INVALID' })],
    ]);
  }
});

test('its metrics tell of both queues', async () => {
  const { internalUrl } = await (await openStack()).start();
  const counted = (queue: string, state: string) =>
    new RegExp(`^shortstack_queue_jobs\\{.*queue="${queue}".*state="${state}".*\\} 0`, 'm');
  const read = async () => (await fetch(`${internalUrl}/metrics`)).text();
  // Read every 5 s; the first time perhaps before there is a connection.
  const patience = { deadlineMs: 12_000 };
  await until(async () => counted('create-imports', 'dead').test(await read()), patience);
  await until(async () => counted('create-work', 'dead').test(await read()), patience);
  expect(await read()).toMatch(counted('create-imports', 'failed'));
});
