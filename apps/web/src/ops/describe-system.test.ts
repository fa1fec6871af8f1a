import type { OperationsOverview } from '@shortstack/contracts';
import { expect, test } from 'vitest';
import { describeSystem } from './describe-system.ts';
import type { Instance } from './figures.ts';

const at = (second: number) => new Date(1_800_000_000_000 + second * 1_000).toISOString();

function instance(
  service: string,
  process: 'http' | 'jobs',
  own: Partial<Instance> = {},
): Instance {
  return {
    ...{ id: `${service}-${process}-1`, service, process, answered: true, health: 'healthy' },
    ...{ url: 'http://127.0.0.1:1', publicUrl: null, version: 'dev', load: null, lastWork: null },
    ...{ startedAt: at(-60), beatAt: at(0), dependencies: [], figures: [] },
    ...own,
  };
}

function overview(second: number, ...instances: Instance[]): OperationsOverview {
  return { at: at(second), isRegistryAway: false, instances };
}

const figure = (name: string, value: number, labels: Record<string, string> = {}) => ({
  ...{ name, value, labels },
});
const dependency = (name: string, calls: number, isUp = true) => ({
  ...{ name, required: false, breaker: isUp ? 'closed' : 'open', calls },
  state: isUp ? ('up' as const) : ('down' as const),
});

test('rates are what was added since the oldest snapshot, of all instances together', () => {
  const redirect = (id: string, clicks: number, calls: number) =>
    instance('redirect', 'http', {
      id,
      dependencies: [dependency('redis-jobs', calls)],
      figures: [
        figure('shortstack_redirect_clicks_total', clicks),
        figure('shortstack_cache_requests_total', clicks, {
          ...{ cache: 'links', tier: 'l1', result: 'hit' },
        }),
      ],
    });
  const { rooms } = describeSystem(
    [
      overview(0, redirect('a', 100, 10), redirect('b', 500, 0)),
      // b was started anew.
      overview(10, redirect('a', 300, 30), redirect('b', 100, 20), redirect('new', 9_999, 9_999)),
    ],
    [],
  );
  const [http] = rooms[0]?.processes ?? [];
  expect(http).toMatchObject({ key: 'redirect', count: 3, state: 'well' });
  expect(http?.headline).toEqual({ label: 'requests', value: '30/s', amount: 30 });
  expect(http?.stats).toContainEqual({ label: 'L1 hits', value: '100 %' });
  expect(http?.arrows).toEqual([
    { to: 'redis-jobs-redirect', rate: 4, state: 'well', text: 'closed', note: null },
  ]);
});

test('a server is as those see it who use it, and an open breaker stands on its arrow', () => {
  const uses = (service: string, isUp: boolean) =>
    instance(service, 'http', { dependencies: [dependency('redis-cache', 1, isUp)] });
  const one = describeSystem([overview(0, uses('create', true), uses('redirect', false))], []);
  expect(one.shared).toMatchObject([
    { key: 'redis-cache', state: 'ailing', text: '1 of 2 get no answer' },
  ]);
  expect(one.rooms[1]?.processes[0]?.arrows).toMatchObject([
    { to: 'redis-cache', state: 'down', text: 'breaker open' },
  ]);
  expect(one.summary).toEqual({ state: 'ailing', text: 'redis-cache: 1 of 2 get no answer' });

  const none = describeSystem([overview(0, uses('create', false), uses('redirect', false))], []);
  expect(none.shared).toMatchObject([{ state: 'down', text: 'does not answer' }]);
  expect(none.summary.state).toBe('down');
});

test('a process that was there and is gone stays in the drawing, as gone', () => {
  const { rooms, summary } = describeSystem(
    [overview(0, instance('worker', 'http'))],
    ['worker', 'worker-jobs'],
  );
  expect(rooms).toMatchObject([
    {
      service: 'worker',
      processes: [
        { key: 'worker', text: 'healthy' },
        { key: 'worker-jobs', state: 'down', text: 'gone' },
      ],
    },
  ]);
  expect(summary.text).toBe('worker-jobs: gone');
});

test('a service and a server that nobody foresaw are drawn after the known ones', () => {
  const { rooms, shared, summary } = describeSystem(
    [
      overview(
        0,
        instance('billing', 'http', { dependencies: [dependency('redis-invoices', 0)] }),
        instance('worker', 'http', { dependencies: [dependency('redis-session', 0)] }),
      ),
    ],
    [],
  );
  expect(rooms.map(({ service }) => service)).toEqual(['worker', 'billing']);
  expect(rooms.map(({ redis }) => redis)).toEqual([null, null]);
  expect(shared.map(({ key }) => key)).toEqual(['redis-session', 'redis-invoices']);
  expect(summary).toEqual({
    ...{ state: 'well', text: 'All 2 processes and the servers they use are well.' },
  });
});
