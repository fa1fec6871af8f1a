import { startTestRedis } from '@shortstack/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock, createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

const server = await startTestRedis();
const keys = ['a', 'b'];

type Step =
  | { kind: 'change' | 'delete' | 'hold' | 'release' | 'wait' | 'settle' }
  | { kind: 'announce' | 'get' | 'putNow' | 'putOld' | 'markStale'; process: 0 | 1 };
type KeyedStep = Step & { key: string };

const perProcess = ['announce', 'get', 'get', 'putNow', 'putOld', 'markStale'] as const;
const global = ['change', 'change', 'delete', 'hold', 'release', 'wait', 'settle'] as const;
const key = fc.constantFrom(...keys);
const step: fc.Arbitrary<KeyedStep> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom(...global), key }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(...perProcess),
      process: fc.constantFrom<0 | 1>(0, 1),
      key,
    }),
  },
);

const ioTurn = () => new Promise((resolve) => setImmediate(resolve));

test('however changes, announcements, writes and reads overlap, no process serves less than the last version announced to it', async () => {
  const redis = await Promise.all([openRedis(server.url), openRedis(server.url)]);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const record = createRecord();
      const clock = createClock();
      const keyOf = ownKeys();
      const caches = redis.map((connection) =>
        openCache({ record, redis: connection, keyOf, now: clock.now }),
      );
      const history = new Map(
        keys.map((name) => [name, [{ version: 0, value: null as string | null }]]),
      );
      const announced = redis.map(() => new Map<string, number>());
      const pending: Promise<unknown>[] = [];
      let release = () => {};

      const versions = (name: string) => history.get(name) ?? [];
      const store = (name: string, value: (version: number) => string | null) => {
        const version = versions(name).length;
        versions(name).push({ version, value: value(version) });
        record.store(name, version, value(version));
      };
      const read = async (process: 0 | 1, name: string) => {
        const floor = announced[process]?.get(name) ?? 0;
        const value = await caches[process]?.get(name);
        const allowed = versions(name).filter(({ version }) => version >= floor);
        expect(allowed.map((row) => row.value)).toContain(value);
      };

      for (const { key: name, ...rest } of steps) {
        const newest = versions(name).at(-1) ?? { version: 0, value: null };
        switch (rest.kind) {
          case 'change':
            store(name, (version) => `${name}@${version}`);
            break;
          case 'delete':
            if (newest.version > 0) store(name, () => null);
            break;
          case 'hold':
            release();
            release = record.hold();
            break;
          case 'release':
            release();
            break;
          case 'wait':
            clock.advance(4);
            await ioTurn();
            break;
          case 'settle':
            release();
            await Promise.all(pending.splice(0));
            break;
          case 'announce':
            if (newest.version === 0) break;
            announced[rest.process]?.set(name, newest.version);
            pending.push(
              caches[rest.process]?.invalidate(name, newest.version) ?? Promise.resolve(),
            );
            break;
          case 'get':
            pending.push(read(rest.process, name));
            break;
          case 'putNow':
            if (newest.version > 0)
              pending.push(caches[rest.process]?.put(name, newest) ?? Promise.resolve());
            break;
          case 'putOld': {
            const older = versions(name)[1];
            if (older) pending.push(caches[rest.process]?.put(name, older) ?? Promise.resolve());
            break;
          }
          case 'markStale':
            caches[rest.process]?.markStale();
            break;
        }
      }
      release();
      await Promise.all(pending);
      for (const name of keys) await Promise.all([read(0, name), read(1, name)]);
      await Promise.all(caches.map((cache) => cache.close()));
    }),
    { numRuns: 300 },
  );
});
