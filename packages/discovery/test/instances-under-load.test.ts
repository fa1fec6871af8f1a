import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import {
  createResolver,
  createServiceClient,
  createServiceTokenIssuer,
  generateServiceKey,
} from '../src/index.ts';
import { connectHub } from './fixtures.ts';

interface Call {
  sentAt: number;
  idempotent: boolean;
  /** Which instance answered; undefined for a call that failed. */
  by: string | undefined;
}

const PER_SECOND = 200;
const program = fileURLToPath(new URL('fixtures/instance.ts', import.meta.url));

test('instances are added, leave and are killed at load, and no call fails but those in flight at the killed ones', async () => {
  const { url } = await startTestRedis();
  const processes = new Map<string, ChildProcess>();
  const start = (id: string) => {
    const child = spawn(process.execPath, ['--conditions=source', program, url, id], {
      stdio: 'inherit',
    });
    processes.set(id, child);
    onTestFinished(() => void child.kill('SIGKILL'));
  };
  const end = async (id: string, signal: NodeJS.Signals) => {
    const child = processes.get(id) as ChildProcess;
    const exited = once(child, 'exit');
    const at = performance.now();
    child.kill(signal);
    const [code] = await exited;
    return { code: code as number | null, at, seenAt: performance.now() };
  };

  for (const id of ['a', 'b', 'c']) start(id);
  const resolver = createResolver({ redis: await connectHub(url) });
  onTestFinished(() => resolver.close());
  const known = async () => (await resolver.list('worker')).map(({ id }) => id).join('');
  await until(async () => (await known()) === 'abc', { deadlineMs: 20_000 });
  const tokens = createServiceTokenIssuer({
    service: 'create',
    privateJwk: await generateServiceKey(),
  });
  const client = createServiceClient({ resolver, tokens });

  const calls: Call[] = [];
  const open = new Set<Promise<void>>();
  const callOnce = async (idempotent: boolean) => {
    const call: Call = { sentAt: performance.now(), idempotent, by: undefined };
    const request = { method: 'POST', path: '/jobs', idempotent } as const;
    const answer = await client.call('worker', request).catch(() => undefined);
    call.by = answer?.status === 200 ? (answer.body as { id: string }).id : undefined;
    calls.push(call);
  };
  const startedAt = performance.now();
  let sent = 0;
  const load = setInterval(() => {
    for (; sent < ((performance.now() - startedAt) / 1_000) * PER_SECOND; sent += 1) {
      const call = callOnce(sent % 2 === 0);
      open.add(call);
      void call.finally(() => open.delete(call));
    }
  }, 5);
  onTestFinished(() => clearInterval(load));
  const isCalled = (id: string, since = performance.now()) =>
    until(() => calls.some(({ by, sentAt }) => by === id && sentAt >= since), {
      deadlineMs: 20_000,
      message: `${id} is not called`,
    });

  // Added: two more take their share.
  for (const id of ['d', 'e']) start(id);
  await Promise.all([isCalled('d'), isCalled('e')]);
  // Left: by SIGTERM, as at a deployment.
  expect((await end('a', 'SIGTERM')).code).toBe(0);
  // Killed: one after the other, and a new one meanwhile.
  const kills = [await end('b', 'SIGKILL')];
  start('f');
  await isCalled('f');
  kills.push(await end('c', 'SIGKILL'));
  await isCalled('d');
  clearInterval(load);
  await Promise.all(open);

  const failed = calls.filter(({ by }) => by === undefined);
  // What may be repeated never fails.
  expect(failed.filter(({ idempotent }) => idempotent)).toEqual([]);
  const inFlight = ({ sentAt }: Call) =>
    kills.some(({ at, seenAt }) => sentAt > at - 1_000 && sentAt <= seenAt);
  expect(failed.filter((call) => !inFlight(call))).toEqual([]);
  expect(calls.length).toBeGreaterThan(2 * PER_SECOND);
}, 90_000);
