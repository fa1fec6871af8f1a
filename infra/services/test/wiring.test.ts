import { readFileSync } from 'node:fs';
import { processNames, queueNames } from '@shortstack/contracts';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { jobsRedis, processes, serviceNames, services } from '../src/services.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const yaml = (path: string) => parse(read(path), { merge: true, maxAliasCount: -1 });
const names: string[] = processes.map(({ name }) => name);

interface ComposeService {
  environment?: Record<string, string>;
  build?: { args: { DIRECTORY: string } };
}

test('the registry’s metric and the alert of what is missing know every process', () => {
  expect(processNames).toEqual(names);
  const [{ rules }] = yaml('infra/observability/prometheus/rules/recording.yml').groups;
  expect(rules.map(({ labels }: { labels: { job: string } }) => labels.job)).toEqual(names);
});

test('Prometheus asks every process, at its port', () => {
  const jobs: { job_name: string; dns_sd_configs?: { port: number }[] }[] = yaml(
    'infra/observability/prometheus/prometheus.yml',
  ).scrape_configs;
  const asked = jobs.flatMap(({ job_name, dns_sd_configs = [] }) =>
    dns_sd_configs.map(({ port }) => [job_name, port]),
  );
  expect(asked).toEqual(processes.map(({ name, described }) => [name, described.internalPort]));
});

test('nginx knows every service that has a public listener', () => {
  const script = read('infra/nginx/entrypoint/30-follow-instances.sh');
  const known = [...script.matchAll(/^ {2}\[([\w-]+)\]=(\d+)$/gm)];
  const wanted = processes.flatMap(({ name, described: { port } }) => (port ? [[name, port]] : []));
  expect(known.map(([, name, port]) => [name, Number(port)])).toEqual(wanted);
  for (const [name] of wanted) {
    const conf = name === 'redirect' ? 'short' : 'app';
    expect(read(`infra/nginx/conf/${conf}.conf`)).toContain(`http://${name};`);
  }
});

test('each service has its queue', () => {
  const withQueue = Object.keys(jobsRedis).map((server) => server.replace('jobs-', ''));
  expect(Object.keys(queueNames)).toEqual(withQueue);
});

test.each(processes)('$name runs in Compose and on a host, at its ports', (process) => {
  const { name, service, described } = process;
  const places: Record<string, Record<string, ComposeService>> = {
    Compose: yaml('docker-compose.yml').services,
    host: yaml(`infra/hosts/${service}/compose.yml`).services,
  };
  for (const [place, found] of Object.entries(places)) {
    const environment = found[name]?.environment;
    expect(environment?.INTERNAL_PORT, place).toBe(`${described.internalPort}`);
    expect(environment?.PORT, place).toBe(described.port ? `${described.port}` : undefined);
    const hasRedis = `redis-jobs-${service}` in found;
    expect(hasRedis, place).toBe(services[service].jobsRedis !== undefined);
  }
  expect(places.Compose?.[name]?.build?.args.DIRECTORY).toBe(`apps/${service}`);
  expect(yaml('docker-compose.dev.yml').services).toHaveProperty(name);
  expect(yaml(`infra/hosts/${service}/machine.yml`).services).toHaveProperty(name);
});

test('every image is checked, published, and named in each overlay', () => {
  const { image, publish } = yaml('.github/workflows/ci.yml').jobs;
  const wanted = [...serviceNames, 'migrate'];
  for (const { matrix } of [image.strategy, publish.strategy]) {
    expect(matrix.include.map((each: { name: string }) => each.name)).toEqual(wanted);
  }
  expect(publish.strategy.matrix.name).toEqual(wanted);
  for (const overlay of ['local', 'managed', 'production']) {
    const { images } = yaml(`infra/k8s/overlays/${overlay}/kustomization.yaml`);
    const named = images.map((each: { name: string }) => each.name.split('/')[1]);
    expect(named.toSorted(), overlay).toEqual(wanted.toSorted());
  }
});

test('no two processes or servers have a port in common', () => {
  const ports = [
    ...processes.flatMap(({ described: { port, internalPort } }) =>
      [port ?? [], internalPort].flat(),
    ),
    ...Object.values(jobsRedis).map(({ port }) => port),
  ];
  expect(ports).toEqual([...new Set(ports)]);
});
