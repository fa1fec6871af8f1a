import { redisCommand } from '../redis-command.ts';
import type { LocalStack } from '../start-stack.ts';

const queues = {
  'jobs-create': '{create}:create-work',
  'jobs-redirect': '{redirect}:redirect-work',
  'jobs-worker': '{worker}:worker-work',
} as const;
const create = queues['jobs-create'];

/** How many jobs of create wait to be taken. */
export async function waitingJobs(stack: LocalStack): Promise<number> {
  return Number(await redisCommand(stack.redis['jobs-create'].url, 'LLEN', `${create}:wait`));
}

/** The links, among these, whose target page no job has read since they were created. */
export async function unreadLinks(stack: LocalStack, slugs: readonly string[]): Promise<string[]> {
  const links = await stack.sql<{ slug: string; id: string }>(
    'SELECT slug, id FROM links WHERE slug = ANY($1)',
    [slugs],
  );
  const { url } = stack.redis['jobs-create'];
  const completed = (await redisCommand(url, 'ZRANGE', `${create}:completed`, 0, -1)) as string[];
  const done = new Set(completed);
  return links.filter(({ id }) => !done.has(`metadata-${id}-1`)).map(({ slug }) => slug);
}

/** The jobs of every service that have failed for good. */
export async function failedJobs(stack: LocalStack): Promise<string[]> {
  const found: string[] = [];
  for (const [server, queue] of Object.entries(queues)) {
    const { url } = stack.redis[server as keyof typeof queues];
    const failed = (await redisCommand(url, 'ZRANGE', `${queue}:failed`, 0, -1)) as string[];
    const dead = (await redisCommand(url, 'LRANGE', `${queue}-dead:wait`, 0, -1)) as string[];
    found.push(...[...failed, ...dead].map((id) => `${queue} ${id}`));
  }
  return found;
}
