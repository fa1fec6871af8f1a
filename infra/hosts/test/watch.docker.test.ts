import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { docker } from '../../e2e/src/docker.ts';
import { project } from '../src/compose.ts';
import { processesOf, usualHosts } from '../src/kinds.ts';
import { layOutFiles } from '../src/lay-out-files.ts';
import { down } from '../src/up.ts';
import { openVault } from '../src/vault.ts';
import { openSite } from './open-site.ts';

const { site } = await openSite();

test('Prometheus on the host that watches finds every process of every host', async () => {
  await layOutFiles(site, 'watch', await openVault(site));
  onTestFinished(() => down(site, ['watch'], true));
  const watch = project(site, 'watch');
  await docker([...watch, 'up', '--detach', '--wait', 'prometheus', 'alertmanager']);
  const query = ['promtool', 'query', 'instant', 'http://127.0.0.1:9090', 'sum by (job) (up)'];
  const count = async () => {
    const answer = await docker([...watch, 'exec', '-T', 'prometheus', ...query]);
    const found = answer.matchAll(/job="((?:create|redirect|worker)(?:-jobs)?)"\} => (\d+)/g);
    return Object.fromEntries([...found].map(([, job = '', up]) => [job, Number(up)]));
  };
  const expected: Record<string, number> = {};
  for (const name of usualHosts.flatMap(processesOf)) expected[name] = (expected[name] ?? 0) + 1;
  const total = Object.values(expected).reduce((sum, each) => sum + each);
  const isAll = async () =>
    Object.values(await count()).reduce((sum, each) => sum + each, 0) === total;
  await until(isAll, { deadlineMs: 60_000, message: 'Prometheus does not find every process' });
  expect(await count()).toEqual(expected);
});
