import { readFileSync } from 'node:fs';
import { defineScript } from '@shortstack/redis';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The leaderboard's Lua scripts; keys, arguments and reasons stand in the head of each. */
export const leaderboardScripts = {
  setScores: defineScript({ name: 'analytics.set-scores', lua: read('../lua/set-scores.lua') }),
  topMembers: defineScript({ name: 'analytics.top-members', lua: read('../lua/top-members.lua') }),
  rebuildState: defineScript({
    name: 'analytics.rebuild-state',
    lua: read('../lua/rebuild-state.lua'),
  }),
} as const;
