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
  for (const queue of ['create-work', 'create-imports']) {
    await until(async () => {
      const text = await (await fetch(`${internalUrl}/metrics`)).text();
      return ['waiting', 'failed', 'dead'].every((state) =>
        new RegExp(
          `^shortstack_queue_jobs\\{.*queue="${queue}".*state="${state}".*\\} 0`,
          'm',
        ).test(text),
      );
    });
  }
});
