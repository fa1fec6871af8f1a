import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function docker(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('docker', args);
  return stdout + stderr;
}

test.each([
  ['redis:8-trixie', 'redis', 999],
  ['postgres:17-trixie', 'postgres', 999],
  ['nginx:1-trixie', 'nginx', 101],
])('in %s the user %s has the number %i, as pods run it', async (image, user, number) => {
  const found = await docker('run', '--rm', '--network', 'none', '--entrypoint', 'id', image, user);
  expect(found).toMatch(new RegExp(`^uid=${number}\\(${user}\\) gid=${number}\\(${user}\\)`));
});

test('nginx runs as a pod runs it: not root, with no capability, and two workers', async () => {
  const container = `shortstack-k8s-nginx-${randomBytes(4).toString('hex')}`;
  const writable = ['/run', '/var/cache/nginx', '/etc/nginx/tls'];
  onTestFinished(async () => {
    await docker('rm', '--force', container);
  });
  await docker(
    ...['run', '--detach', '--name', container, '--user', '101:101', '--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges', '--read-only'],
    ...writable.flatMap((path) => ['--tmpfs', `${path}:uid=101,gid=101`]),
    ...['--env', 'SERVICE_DOMAIN=shortstack.svc.cluster.local', '--env', 'WORKER_PROCESSES=2'],
    ...['--volume', `${here('../../nginx/nginx.conf')}:/etc/nginx/nginx.conf:ro`],
    ...['--volume', `${here('../../nginx/conf')}:/etc/nginx/shortstack:ro`],
    ...['--volume', `${here('../../nginx/entrypoint')}:/docker-entrypoint.d:ro`],
    'nginx:1-trixie',
  );
  const ask = (...args: string[]) => docker('exec', container, 'curl', '-sS', ...args);
  await until(() => ask('--fail', 'http://127.0.0.1:8090/livez'), {
    message: 'nginx did not start',
    deadlineMs: 15_000,
  });
  // Nobody is there to ask, so it answers itself, and names its pod.
  const answer = await ask('--insecure', '--include', 'https://127.0.0.1:8444/slug');
  const name = (await docker('exec', container, 'cat', '/proc/sys/kernel/hostname')).trim();
  expect(answer).toContain(' 503');
  expect(answer.toLowerCase()).toContain(`x-served-by: ${name}`);
  await until(async () => (await docker('logs', container)).includes(`"instance":"${name}"`), {
    message: 'the log does not name the instance',
  });
  const processes = await docker('top', container, '-o', 'pid,args');
  expect(processes.match(/nginx: worker process/g)).toHaveLength(2);
});

test('Prometheus takes the scrape configuration', async () => {
  const program =
    'echo "scrape_config_files: [/monitoring/scrape.yml]" >/tmp/prometheus.yml && promtool check config /tmp/prometheus.yml';
  const checked = await docker(
    ...['run', '--rm', '--network', 'none', '--volume', `${here('../monitoring')}:/monitoring:ro`],
    ...['--entrypoint', 'sh', 'prom/prometheus:v2.53.3', '-c', program],
  );
  expect(checked).toContain('SUCCESS');
});
