import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { secretFiles } from '../../docker/src/secret-files.ts';
import { moveUrl } from '../src/move-url.ts';

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

interface Kustomization {
  configMapGenerator?: Generator[];
  secretGenerator?: Generator[];
}
interface Generator {
  name: string;
  files: string[];
}

/** What the generators of a directory read. */
function listed(directory: string): string[] {
  const text = readFileSync(at(`${directory}/kustomization.yaml`), 'utf8');
  const { configMapGenerator = [], secretGenerator = [] } = parse(text) as Kustomization;
  return [...configMapGenerator, ...secretGenerator].flatMap(({ files }) => files).toSorted();
}
const inDirectory = (path: string) => readdirSync(at(path)).toSorted();

test('pods get every file of the configurations of nginx and Redis', () => {
  const ofNginx = ['conf', 'entrypoint'].flatMap((directory) =>
    inDirectory(`nginx/${directory}`).map((file) => `${directory}/${file}`),
  );
  expect(listed('nginx')).toEqual([...ofNginx, 'nginx.conf']);
  expect(listed('redis')).toEqual(inDirectory('redis').filter((file) => file.endsWith('.conf')));
});

test('containers get every secret that is theirs, and people’s passwords stay outside the cluster', () => {
  const files = Object.keys(
    secretFiles({ password: () => 'secret', signingKey: () => '{}', given: () => '[]' }),
  );
  const forContainers = files.filter((file) => !file.endsWith('/admin-password'));
  expect(listed('k8s/secrets')).toEqual(forContainers.toSorted());
});

test('a URL is moved to a provider’s server with its user and password', () => {
  const places = { 'redis-hub': 'rediss+cluster://hub.example.com:6390' };
  expect(moveUrl('redis://create:a-b_1@redis-hub:6379', places)).toBe(
    'rediss+cluster://create:a-b_1@hub.example.com:6390',
  );
  const local = 'redis://create-jobs:a-b_1@redis-jobs-create:6379';
  expect(moveUrl(local, places)).toBe(local);
});
