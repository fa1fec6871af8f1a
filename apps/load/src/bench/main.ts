import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { cpuSeconds, residentMebibytes } from './cpu-seconds.ts';
import { type Driver, findDriver } from './drive.ts';
import { type Subjects, startSubjects } from './start-subjects.ts';

/**
 * `npm run bench`: the redirect service beside a bare Fastify, in turn within one run, as requests per CPU-second of
 * the processes that a row names. Ratios are the result; absolute figures tell about the machine.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const connections = 64;

interface Round {
  bare: number;
  redirect: number;
  pipeline: number;
  bareThroughput: number;
  redirectThroughput: number;
}

if (process.platform !== 'linux') {
  console.error('The benchmark reads CPU times from /proc: run it on Linux, or in a container.');
  process.exit(1);
}
const driver = await findDriver();
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}, load from ${driver.name}`,
);
console.log(`${rounds} rounds of ${seconds} s each way, ${connections} keep-alive connections\n`);
console.log('Starting PostgreSQL, Redis and redirect …');
const subjects = await startSubjects();
try {
  await run(subjects, driver);
} finally {
  await subjects.close();
}

async function run(subjects: Subjects, driver: Driver): Promise<void> {
  const bare = await subjects.startBare(await headersOf(subjects.slugUrl));
  const { redirect, redirectJobs, clickRedis, postgres } = subjects.pids;
  const pipelineCpu = () =>
    cpuSeconds(redirect) +
    cpuSeconds(clickRedis) +
    cpuSeconds(redirectJobs) +
    cpuSeconds(postgres, { withChildren: true });
  console.log('Warming up …');
  let followed = 1;
  await driver.run({ url: bare.url, connections, seconds: 2 });
  followed += await driver.run({ url: subjects.slugUrl, connections, seconds: 2 });

  const results: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const bareBefore = cpuSeconds(bare.pid);
    const bareRequests = await driver.run({ url: bare.url, connections, seconds });
    const barePerCpu = bareRequests / (cpuSeconds(bare.pid) - bareBefore);

    const pipelineBefore = pipelineCpu();
    const before = cpuSeconds(redirect);
    const requests = await driver.run({ url: subjects.slugUrl, connections, seconds });
    const used = cpuSeconds(redirect) - before;
    followed += requests;
    const lagMs = await untilCounted(subjects.ownerUrl, followed);
    const pipelineUsed = pipelineCpu() - pipelineBefore;
    results.push({
      bare: barePerCpu,
      redirect: requests / used,
      pipeline: requests / pipelineUsed,
      bareThroughput: bareRequests / seconds,
      redirectThroughput: requests / seconds,
    });
    console.log(
      `round ${round}: bare ${show(barePerCpu)}, redirect ${show(requests / used)}, all processes ${show(requests / pipelineUsed)} requests per CPU-second; counted ${(lagMs / 1_000).toFixed(1)} s after the last`,
    );
  }
  const counted = await countedClicks(subjects.ownerUrl);
  const perBatch = await clicksPerBatch(subjects.metricsUrl);
  const median = (pick: (round: Round) => number) =>
    results.map(pick).sort((a, b) => a - b)[results.length >> 1] ?? 0;
  console.log(`
row                                             requests per CPU-second   ratio to bare   target
bare Fastify, one route                         ${show(median((r) => r.bare)).padStart(23)}            1.00
hot redirect: redirect process                  ${show(median((r) => r.redirect)).padStart(23)}   ${ratio(median((r) => r.redirect / r.bare))}     0.90
hot redirect: redirect, Redis, jobs, PostgreSQL ${show(median((r) => r.pipeline)).padStart(23)}   ${ratio(median((r) => r.pipeline / r.bare))}     0.50

requests per second: bare ${show(median((r) => r.bareThroughput))}, redirect ${show(median((r) => r.redirectThroughput))} (medians; ${cpus().length} cores shared with the generator)
redirect process: ${residentMebibytes(redirect).toFixed(0)} MiB resident; ${perBatch.toFixed(0)} clicks per batch
clicks: ${counted} counted of ${followed} answered${counted >= followed ? '' : ' — CLICKS ARE MISSING'}`);
  if (counted < followed) process.exitCode = 1;
}

/** What the baseline is to send: the headers of a real redirect, less those that Node adds by itself. */
async function headersOf(url: string): Promise<Record<string, string>> {
  const answer = await fetch(url, { redirect: 'manual' });
  const own = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];
  return Object.fromEntries([...answer.headers].filter(([name]) => !own.includes(name)));
}

async function clicksPerBatch(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const read = (name: string) =>
    Number(new RegExp(`^shortstack_redirect_${name}\\S* (\\d+)`, 'm').exec(text)?.[1]);
  return read('clicks_total') / read('click_batches_total');
}

async function countedClicks(ownerUrl: string): Promise<number> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: string }>(
      'SELECT coalesce(sum(clicks + bots), 0) AS n FROM link_totals',
    );
    return Number(rows[0]?.n);
  } finally {
    await client.end();
  }
}

/** wrk cuts off the requests that are under way when it ends: the service may have answered a few more than it saw. */
async function untilCounted(ownerUrl: string, followed: number): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 30_000) {
    if ((await countedClicks(ownerUrl)) >= followed) break;
    await wait(100);
  }
  return performance.now() - startedAt;
}

function show(figure: number): string {
  return Math.round(figure).toLocaleString('en');
}

function ratio(figure: number): string {
  return figure.toFixed(2).padStart(13);
}
