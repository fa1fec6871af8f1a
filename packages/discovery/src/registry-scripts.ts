import { readFileSync } from 'node:fs';
import { defineScript } from '@shortstack/redis';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The registry's Lua scripts; keys, arguments and reasons stand in the head of each. */
export const registryScripts = {
  beat: defineScript({ name: 'discovery.beat', lua: read('../lua/beat.lua') }),
  leave: defineScript({ name: 'discovery.leave', lua: read('../lua/leave.lua') }),
  list: defineScript({ name: 'discovery.list', lua: read('../lua/list-instances.lua') }),
  sweep: defineScript({ name: 'discovery.sweep', lua: read('../lua/sweep-registry.lua') }),
} as const;
