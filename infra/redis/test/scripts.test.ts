import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as grants from '../src/grants.ts';

const directory = fileURLToPath(new URL('../../../packages/', import.meta.url));
const files = globSync('*/lua/*.lua', { cwd: directory });

/** Who runs which of the packages' scripts. Many run seldom, so their being denied something would be noticed late. */
const runs: [grants.Grant, string[]][] = [
  [grants.readSessions, ['touch-session']],
  [grants.redeemCodes, ['redeem-code']],
  [
    grants.keepSessions,
    [
      ...['create-session', 'touch-session', 'rotate-session', 'update-session'],
      ...['end-session', 'end-all-sessions'],
    ],
  ],
  [grants.register, ['beat', 'leave']],
  [grants.findServices, ['list-instances']],
  [grants.sweepRegistry, ['sweep-registry']],
  [grants.publishEvents, ['publish', 'trim']],
  [grants.consumeEvents('a-group'), ['acknowledge', 'forget-consumers']],
  [grants.hearEvents, ['locate']],
  [grants.limitRates, ['gcra', 'sliding-window-counter', 'sliding-window-log']],
  [grants.writeLeaderboards, ['set-scores', 'rebuild-state']],
  [grants.readLeaderboards, ['top-members']],
  [grants.writeLinks, ['set-if-newer']],
  [grants.cacheLinks, ['set-if-newer']],
];

test('every script of the packages is run by somebody', () => {
  const scripts = files.map((file) => basename(file, '.lua'));
  expect([...new Set(runs.flatMap(([, names]) => names))].sort()).toEqual(scripts.sort());
});

test('whoever runs a script may do all that it calls', () => {
  const missing = runs.flatMap(([grant, names]) => {
    const granted = `${grants.connection.commands} ${grant.commands}`.split(' ');
    return names.flatMap((name) =>
      ['evalsha', 'eval', ...calledBy(name)]
        .filter((command) => !granted.includes(command))
        .map(
          (command) => `${name} calls ${command}, which is not granted on ${grant.keys?.join()}`,
        ),
    );
  });
  expect(missing).toEqual([]);
});

/** As a rule names them: `get`, `xinfo|stream`. */
function calledBy(script: string): string[] {
  const file = files.find((path) => basename(path, '.lua') === script) ?? '';
  const calls = readFileSync(`${directory}${file}`, 'utf8').matchAll(
    /redis\.call\('([A-Z]+)'(?:, '([A-Z]+)')?/g,
  );
  return [...calls].map(([, command = '', second]) =>
    ['XINFO', 'XGROUP'].includes(command)
      ? `${command}|${second}`.toLowerCase()
      : command.toLowerCase(),
  );
}
