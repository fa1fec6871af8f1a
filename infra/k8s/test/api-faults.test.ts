import { expect, test } from 'vitest';
import { apiFaults } from './api-faults.ts';

const budget = (spec: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'any' },
  spec,
});
const pods = (container: object) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'any' },
  spec: {
    serviceName: 'any',
    selector: {},
    template: { spec: { containers: [{ name: 'any', ...container }] } },
  },
});

test('what is right has no faults', () => {
  expect(apiFaults(budget({ maxUnavailable: 1 }))).toEqual([]);
  expect(apiFaults(budget({ maxUnavailable: '50%' }))).toEqual([]);
  expect(apiFaults(pods({ resources: { requests: { cpu: '1.5', memory: '64Mi' } } }))).toEqual([]);
});

test.each([
  ['a misspelt field', budget({ maxUnavailible: 1 }), /maxUnavailible$/],
  ['one deep in a pod', pods({ readinesProbe: {} }), /containers\/0 .* readinesProbe$/],
  ['a wrong type', pods({ tty: 'yes' }), /tty must be boolean$/],
  [
    'a quantity with a misspelt unit',
    pods({ resources: { limits: { memory: '1MiB' } } }),
    /memory/,
  ],
  [
    'what is missing',
    pods({ env: [{ value: 'x' }] }),
    /env\/0 must have required property 'name'$/,
  ],
  ['a kind of another version', { ...budget({}), apiVersion: 'policy/v1beta1' }, /no schema/],
])('%s is a fault', (_, manifest, fault) => {
  expect(apiFaults(manifest)).toEqual([expect.stringMatching(fault)]);
});
