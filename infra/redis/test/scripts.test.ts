import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as grants from '../src/grants.ts';

const directory = fileURLToPath(new URL('../../../packages/', import.meta.url));
const files = globSync('*/lua/*.lua', { cwd: directory });

/** Who runs which of the packages' scripts. Many run seldom, so their being denied something would be noticed late. */
const runs: [grants.Grant | grants.Grant[], string[]][] = [
  [[grants.readSessions, grants.prolongInIndex], ['prolong-session']],
  [[grants.readSessions, grants.takeCodes, grants.keepSiteSecrets], ['redeem-code']],
  [
    [grants.keepSessions, grants.announceEnds],
    [
      ...['create-session', 'touch-session', 'rotate-session', 'update-session'],
      ...['end-session', 'end-all-sessions'],
    ],
  ],
  [grants.register('create'), ['beat', 'leave']],
  [grants.findServices, ['list-instances']],
  [grants.sweepRegistry, ['sweep-registry']],
  [grants.publishEvents, ['publish', 'trim']],
  [grants.consumeEvents('a-group'), ['acknowledge', 'forget-consumers', 'join']],
  [grants.hearEvents, ['locate']],
  [grants.limitRates, ['fixed-window', 'gcra', 'sliding-window-counter', 'sliding-window-log']],
  [grants.writeLeaderboards, ['set-scores', 'rebuild-state']],
  [grants.readLeaderboards, ['top-members']],
  [grants.writeVisitors, ['add-visitors', 'rebuild-state']],
  [grants.watchClicks, ['watch']],
  [grants.showClicks, ['watched']],
  [grants.writeLinks, ['set-if-newer']],
  [grants.cacheLinks, ['set-if-newer', 'claim-lease', 'end-lease']],
  [grants.cacheStats, ['set-if-newer', 'claim-lease', 'end-lease']],
];

test('every script of the packages is run by somebody', () => {
  const scripts = files.map((file) => basename(file, '.lua'));
  expect([...new Set(runs.flatMap(([, names]) => names))].sort()).toEqual(scripts.sort());
});

test('whoever runs a script may do all that it calls', () => {
  const missing = runs.flatMap(([used, names]) => {
    const all = [grants.connection, used].flat();
    const granted = all.flatMap(({ commands }) => commands.split(' '));
    return names.flatMap((name) =>
      ['evalsha', 'eval', ...calledBy(name)]
        .filter((command) => !granted.includes(command))
        .map((command) => `${name} calls ${command}, which is not granted`),
    );
  });
  expect(missing).toEqual([]);
});

/** As a rule names them: `get`, `xinfo|stream`. */
function calledBy(script: string): string[] {
  const file = files.find((path) => basename(path, '.lua') === script) ?? '';
  const calls = readFileSync(`${directory}${file}`, 'utf8').matchAll(
    /redis\.p?call\('([A-Z]+)'(?:, '([A-Z]+)')?/g,
  );
  return [...calls].map(([, command = '', second]) =>
    ['XINFO', 'XGROUP'].includes(command)
      ? `${command}|${second}`.toLowerCase()
      : command.toLowerCase(),
  );
}
