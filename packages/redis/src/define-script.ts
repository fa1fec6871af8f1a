import { createHash } from 'node:crypto';
import type { RedisClient } from './open-client.ts';

/** A Lua script that runs in Redis as one atomic step. */
export interface RedisScript {
  readonly name: string;
  run(
    client: RedisClient,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
}

/**
 * Prepares a Lua script: it is sent by its digest (EVALSHA), and in full (EVAL) only to a server that doesn't
 * know it yet, which is safe since a script refused with NOSCRIPT has not run. Costs one round trip,
 * two the first time and after `SCRIPT FLUSH` or a restart.
 *
 * @see https://redis.io/docs/latest/develop/interact/programmability/eval-intro/
 */
export function defineScript(script: { name: string; lua: string }): RedisScript {
  const digest = createHash('sha1').update(script.lua).digest('hex');
  return {
    name: script.name,
    async run(client, keys, args) {
      try {
        return await client.evalsha(digest, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return await client.eval(script.lua, keys.length, ...keys, ...args);
      }
    },
  };
}
