import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { type ComposeService, composeProject } from '../src/compose-project.ts';
import { docker } from '../src/docker.ts';
import { startPrometheus } from '../src/start-prometheus.ts';

const { E2E_COMPOSE_PROJECT = '' } = process.env;
const project = composeProject(E2E_COMPOSE_PROJECT, {});
const prometheus = await startPrometheus(project.name);

const TWO_MINUTES = 120_000;
const services = ['create', 'create-jobs', 'redirect', 'redirect-jobs', 'worker', 'worker-jobs'];

/** Alerts that wake somebody, as `name job dependency`. */
async function pages(): Promise<string[]> {
  const firing = await prometheus.firing();
  return firing
    .filter(({ severity }) => severity === 'page')
    .map(({ alertname, job, dependency = '' }) => `${alertname} ${job} ${dependency}`.trim());
}

/** Waits until exactly these alerts wake somebody, and says how long it took. */
async function untilPages(expected: readonly string[], what: string): Promise<void> {
  const startedAt = performance.now();
  await until(async () => String(await pages()) === String(expected), {
    deadlineMs: TWO_MINUTES,
    message: `${what}: not exactly ${expected.join(', ') || 'nothing'} fires`,
  });
  console.log(`${what} after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
}

const one = async (service: ComposeService): Promise<string> => {
  const [container = ''] = await project.containers(service);
  return container;
};

test('Prometheus finds every instance of every service, and nobody is woken', async () => {
  const count = async () => {
    const targets = await prometheus.targets();
    return services.map((service) => targets[service] ?? 0);
  };
  const all = [2, 1, 3, 1, 1, 1];
  await until(async () => String(await count()) === String(all), { deadlineMs: 60_000 });
  expect(await count()).toEqual(all);
  await untilPages([], 'At the start nothing fires');
});

const faults: {
  name: string;
  alerts: string[];
  cause: () => Promise<() => Promise<unknown>>;
}[] = [
  {
    name: 'a stopped worker',
    alerts: ['ServiceMissing worker'],
    async cause() {
      const container = await one('worker');
      await docker(['stop', container]);
      return () => docker(['start', container]);
    },
  },
  {
    name: 'a hung local Redis',
    alerts: ['RedisUnreachable redirect redis-jobs', 'RedisUnreachable redirect-jobs redis-jobs'],
    async cause() {
      const container = await one('redis-jobs-redirect');
      await docker(['pause', container]);
      return () => docker(['unpause', container]);
    },
  },
  {
    name: 'a cut hub',
    alerts: services.map((service) => `RedisUnreachable ${service} redis-hub`),
    async cause() {
      const container = await one('redis-hub');
      const network = `${project.name}_backbone`;
      await docker(['network', 'disconnect', network, container]);
      return () => docker(['network', 'connect', '--alias', 'redis-hub', network, container]);
    },
  },
];

test.for(faults)(
  '$name makes the right alerts fire within two minutes, and they clear again',
  { timeout: 3 * TWO_MINUTES },
  async ({ name, alerts, cause }) => {
    const mend = await cause();
    try {
      await untilPages(alerts, `${name}: fires`);
      await until(
        async () => {
          const told = (await prometheus.told()).map(({ alertname }) => alertname);
          return told.includes(alerts[0]?.split(' ')[0] ?? '');
        },
        { deadlineMs: 30_000, message: 'Alertmanager is not told' },
      );
    } finally {
      await mend();
    }
    await untilPages([], `${name}: clears`);
    expect(await pages()).toEqual([]);
  },
);
