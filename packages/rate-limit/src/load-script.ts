import { readFileSync } from 'node:fs';
import { defineScript, type RedisScript } from '@shortstack/redis';

/** The script of the file `<name>.lua` beside this one. */
export function loadScript(name: string): RedisScript {
  const lua = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');
  return defineScript({ name, lua });
}
