import { execIn } from './compose.ts';
import type { Site } from './site.ts';

const cli = 'REDISCLI_AUTH=$(cat /run/secrets/admin-password) $CLI --user admin';

/** Sends commands to the Redis server of a container as its administrator, one a line. Rejects unless it answers OK to each. */
export async function commandRedis(
  site: Site,
  host: string,
  container: string,
  commands: readonly string[],
): Promise<void> {
  const input = commands.map((command) => `${command}\n`).join('');
  const answers = await execIn(site, host, container, ['sh', '-c', cli], input);
  const isFine = answers.split('\n').every((answer) => answer === 'OK');
  if (!isFine) throw new Error(`${container} on ${host} answered: ${answers}`);
}
