import { readFileSync } from 'node:fs';
import { defineScript } from '@shortstack/redis';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The leaderboard's Lua scripts; keys, arguments and reasons stand in the head of each. */
export const leaderboardScripts = {
  setScores: defineScript({ name: 'analytics.set-scores', lua: read('./set-scores.lua') }),
  topMembers: defineScript({ name: 'analytics.top-members', lua: read('./top-members.lua') }),
  rebuildState: defineScript({ name: 'analytics.rebuild-state', lua: read('./rebuild-state.lua') }),
} as const;
