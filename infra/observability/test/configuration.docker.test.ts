import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const directory = fileURLToPath(new URL('..', import.meta.url));
const files = (folder: string) => readdirSync(`${directory}/prometheus/${folder}`);

/** Runs a tool of an image on this directory's files; rejects with what it says if it fails. */
async function tool(image: string, name: string, ...args: string[]): Promise<string> {
  const mount = `${directory}:/configuration:ro`;
  const options = ['run', '--rm', '--network', 'none', '--entrypoint', name, '--volume', mount];
  const { stdout } = await run('docker', [...options, image, ...args]);
  return stdout;
}

const promtool = (...args: string[]) => tool('prom/prometheus:v2.53.3', 'promtool', ...args);

test('Prometheus takes its configuration and the rules', async () => {
  const checked = await promtool('check', 'config', '/configuration/prometheus/prometheus.yml');
  expect(checked).toContain(`${files('rules').length} rule files found`);
  const rules = files('rules').map((file) => `/configuration/prometheus/rules/${file}`);
  await promtool('check', 'rules', '--lint-fatal', ...rules);
});

test.for(files('tests'))('the rules pass %s', async (file) => {
  const tested = await promtool('test', 'rules', `/configuration/prometheus/tests/${file}`);
  expect(tested).toContain('SUCCESS');
});

test('Alertmanager takes its configuration', async () => {
  const path = '/configuration/alertmanager/alertmanager.yml';
  const checked = await tool('prom/alertmanager:v0.28.1', 'amtool', 'check-config', path);
  expect(checked).toContain('SUCCESS');
});

test('Compose takes the profile, and nothing of it is published beyond this machine', async () => {
  const { stdout } = await run(
    'docker',
    ['compose', '--profile', 'observability', 'config', '--format', 'json'],
    { cwd: `${directory}/../..`, env: { ...process.env, BIND_ADDRESS: '0.0.0.0' } },
  );
  const { services } = JSON.parse(stdout) as {
    services: Record<string, { profiles?: string[]; ports?: { host_ip: string }[] }>;
  };
  const ours = Object.values(services).filter(({ profiles }) => profiles !== undefined);
  expect(ours).toHaveLength(7);
  for (const { ports = [] } of ours) {
    for (const { host_ip } of ports) expect(host_ip).toBe('127.0.0.1');
  }
});
