import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';

async function startBusyProcess(): Promise<{ internal: string; public: string }> {
  const script = fileURLToPath(new URL('./fixtures/busy-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  return JSON.parse(line as string) as { internal: string; public: string };
}

/** Asks over and over, on many connections at once. */
function startLoad(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const served: number[] = [];
  const refused: Pick<IncomingMessage, 'headers'>[] = [];
  const bodies: unknown[] = [];
  let isStopped = false;
  async function ask(): Promise<void> {
    while (!isStopped) {
      const sentAt = performance.now();
      const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
      const body = await text(answer);
      if (answer.statusCode === 200) served.push(performance.now() - sentAt);
      else if (answer.statusCode === 503) refused.push(answer);
      bodies.push(JSON.parse(body));
    }
  }
  const asking = Array.from({ length: connections }, ask);
  const stop = () => {
    isStopped = true;
    return Promise.all(asking);
  };
  return { served, refused, bodies, stop };
}

async function metric(internal: string, name: string): Promise<number> {
  const shown = await (await fetch(`${internal}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)`, 'm').exec(shown)?.[1]);
}

test('a process that gets more than it can do serves what it can, refuses the rest, says that it is alive, and recovers', {
  timeout: 60_000,
}, async () => {
  const urls = await startBusyProcess();
  const memoryBefore = await metric(urls.internal, 'process_resident_memory_bytes');
  // Each takes 5 ms, so 200 at once would wait for a second each.
  const load = startLoad(`${urls.public}/?ms=5`, 200);
  const { served, refused, bodies } = load;
  await until(() => refused.length > 200 && served.length > 200, { deadlineMs: 30_000 });

  expect(refused[0]?.headers).toMatchObject({
    'retry-after': '1',
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': expect.stringMatching(/.+/),
    'x-served-by': 'busy-1',
  });
  expect(bodies).toContainEqual(expect.objectContaining({ status: 503, code: 'OVERLOADED' }));
  for (let times = 0; times < 3; times += 1) {
    const signal = AbortSignal.timeout(3_000);
    expect((await fetch(`${urls.internal}/livez`, { signal })).status).toBe(200);
  }
  expect(await metric(urls.internal, 'shortstack_requests_shed_total')).toBeGreaterThan(200);
  const memory = await metric(urls.internal, 'process_resident_memory_bytes');
  expect(memory - memoryBefore).toBeLessThan(150 * 2 ** 20);

  await load.stop();
  await until(async () => {
    const shedBefore = await metric(urls.internal, 'shortstack_requests_shed_total');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${urls.public}/?ms=0`)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    return (await metric(urls.internal, 'shortstack_requests_shed_total')) === shedBefore;
  });
});

test('nobody is refused while the process is late for another reason than many requests', async () => {
  const urls = await startBusyProcess();
  const load = startLoad(`${urls.public}/?ms=250`, 4);
  await until(() => load.served.length >= 12, { deadlineMs: 15_000 });
  await load.stop();
  expect(load.refused).toEqual([]);
});
