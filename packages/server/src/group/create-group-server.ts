import type { Logger, Metrics } from '@shortstack/telemetry';
import { type AppServer, createServer } from '../create-server.ts';
import { askMember } from './ask-member.ts';
import type { Member } from './keep-member.ts';
import { mergeMetrics } from './merge-metrics.ts';

export interface GroupServerOptions {
  logger: Logger;
  instanceId: string;
  members: readonly Member[];
  /** Those of the parent itself. */
  metrics: Metrics;
}

/**
 * Creates the internal listener of a group, which speaks for all of its processes and shares no event loop with their work.
 *
 * - `GET /livez`: 200 as long as each process that runs answers; one that is being started again does no harm.
 * - `GET /readyz`: 200 while one is ready at least. What each depends on, and which process has which id.
 * - `GET /metrics`: those of all, told apart by the label `process`; 0 is the parent.
 */
export function createGroupServer(options: GroupServerOptions): AppServer {
  const { logger, instanceId, members, metrics } = options;
  const server = createServer({ logger, instanceId });

  server.get('/livez', async (_request, reply) => {
    const running = members.filter(({ internalUrl }) => internalUrl !== undefined);
    const answers = await Promise.all(running.map((member) => askMember(member, '/livez')));
    const hung = running.filter((_, at) => answers[at]?.status !== 200).map(({ number }) => number);
    reply.code(hung.length === 0 ? 200 : 503);
    return { status: hung.length === 0 ? 'alive' : 'hung', instance: instanceId, hung };
  });

  server.get('/readyz', async (_request, reply) => {
    const processes = await Promise.all(members.map(readinessOf));
    const status =
      ['ready', 'not_ready', 'draining'].find((each) =>
        processes.some((process) => process.status === each),
      ) ?? 'not_ready';
    reply.code(status === 'ready' ? 200 : 503).header('cache-control', 'no-store');
    const dependencies = processes.flatMap((process) => process.dependencies);
    return {
      status,
      instance: instanceId,
      processes: processes.map(({ process, pid, status }) => ({ process, pid, status })),
      dependencies,
    };
  });

  server.get('/metrics', async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    const answers = await Promise.all(members.map((member) => askMember(member, '/metrics')));
    return mergeMetrics([
      { process: 0, text: await metrics.render() },
      ...members.flatMap(({ number }, at) => {
        const answer = answers[at];
        return answer?.status === 200 ? [{ process: number, text: answer.text }] : [];
      }),
    ]);
  });
  return server;
}

async function readinessOf(member: Member) {
  const answer = await askMember(member, '/readyz');
  const report = answer === undefined ? {} : (JSON.parse(answer.text) as Report);
  const process = member.number;
  return {
    process,
    pid: member.pid,
    status: report.status ?? 'not_ready',
    dependencies: (report.dependencies ?? []).map((each) => ({ process, ...each })),
  };
}

interface Report {
  status?: string;
  dependencies?: { name: string }[];
}
