import { setTimeout as pause } from 'node:timers/promises';
import { claimPorts, until } from '@shortstack/testing';
import { type Audit, auditClicks, untilDrained } from './audit-clicks.ts';
import { type Child, startChild } from './child-process.ts';
import { startClickLoad } from './click-load.ts';
import { insertLink } from './links.ts';
import { randomFrom } from './random-from.ts';
import type { Stack } from './start-redirect.ts';

export interface KillUnderLoadOptions {
  seconds: number;
  perSecond: number;
  links: number;
  /** How often each of redirect, redirect-jobs and their Redis is killed. */
  killsEach: number;
  /** How many clicks have to be answered: on a slow machine, on which the processes take long to come back, the load goes on until then. */
  answeredAtLeast: number;
}

export interface KillReport {
  audit: Audit;
  sent: number;
  acknowledged: number;
  kills: number;
}

/**
 * Follows links at a steady rate while redirect, redirect-jobs and their Redis are each killed (SIGKILL) at random moments and
 * started again. The moments follow from `FAULT_SEED`, which is printed. Afterwards, when all is up and drained, audits the count.
 */
export async function killUnderLoad(
  stack: Stack,
  { seconds, perSecond, links, killsEach, answeredAtLeast }: KillUnderLoadOptions,
): Promise<KillReport> {
  const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`FAULT_SEED=${seed}`);
  const random = randomFrom(seed);
  const stored = await Promise.all(Array.from({ length: links }, () => insertLink(stack.sql)));
  const [http, jobs] = [await restartable(stack, 'http'), await restartable(stack, 'jobs')];
  await Promise.all([http.start(), jobs.start()]);

  const url = `http://127.0.0.1:${http.port}`;
  const slugs = stored.map(({ slug }) => slug);
  const load = startClickLoad({ url, slugs, perSecond, random });
  let kills = 0;
  const fate = async (target: { kill(): Promise<void>; start(): Promise<void> }) => {
    const phaseMs = (seconds * 1_000) / killsEach;
    for (let phase = 0; phase < killsEach; phase += 1) {
      const endsAt = performance.now() + phaseMs;
      await pause(random() * phaseMs * 0.7);
      await target.kill();
      kills += 1;
      await pause(random() * 300);
      await target.start();
      await pause(Math.max(0, endsAt - performance.now()));
    }
  };
  const redis = { kill: () => stack.redis.jobs.kill(), start: () => stack.redis.jobs.restart() };
  await Promise.all([fate(http), fate(jobs), fate(redis)]);
  await until(() => load.acknowledged.size >= answeredAtLeast, {
    deadlineMs: 60_000,
    message: 'Too few clicks were answered',
  });
  await load.stop();
  await untilDrained(stack);
  const linkIds = stored.map(({ id }) => id);
  const audit = await auditClicks(stack.sql, linkIds, [load]);
  await Promise.all([http.kill(), jobs.kill()]);
  return { audit, kills, sent: load.sent.size, acknowledged: load.acknowledged.size };
}

/** A process of redirect that comes back on the same ports. */
async function restartable(stack: Stack, kind: 'http' | 'jobs') {
  const ports = await claimPorts();
  const [port, internalPort] = [`${ports.next()}`, `${ports.next()}`];
  const env = stack.environment(kind, {
    PORT: port,
    INTERNAL_PORT: internalPort,
    ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
  });
  let child: Child | undefined;
  return {
    port,
    async start() {
      child = startChild(kind === 'http' ? 'src/main.ts' : 'src/jobs.ts', env);
      await child.alive();
    },
    async kill() {
      child?.kill('SIGKILL');
      await child?.ended;
    },
  };
}
