import { readFileSync } from 'node:fs';
import { defineScript, type RedisScript } from '@shortstack/redis';

/** The script of the file `lua/<name>.lua`. */
export function loadScript(name: string): RedisScript {
  const lua = readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8');
  return defineScript({ name, lua });
}
