import { readFileSync } from 'node:fs';
import { defineScript, type RedisScript } from '@shortstack/redis';

/** Reads a script that lies beside this file. */
export function loadScript(name: string): RedisScript {
  return defineScript({
    name: `events:${name}`,
    lua: readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8'),
  });
}
