import { onPath } from '../setup/on-path.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { wrong } from './finding.mjs';

const OLDEST = 7;

export async function checkRedis() {
  const program = onPath('redis-server', 'valkey-server');
  const install =
    '`npm start` offers to install it; or run `apt install redis-server`, `dnf install valkey` or `brew install redis`.';
  if (!program) return [wrong('Neither redis-server nor valkey-server is on PATH.', install)];
  const { output } = await runCommand(program, ['--version']);
  const version = /\bv=(\d+(?:\.\d+)*)/.exec(output)?.[1];
  if (!version) {
    return [
      wrong(
        `${program} doesn't tell its version: ${output.split('\n')[0]}`,
        `Put it right, or another one earlier on PATH: ${install}`,
      ),
    ];
  }
  if (Number.parseInt(version, 10) >= OLDEST) return [];
  return [
    wrong(
      `${program} is ${version}, and ${OLDEST}.0 is the oldest that will do.`,
      'Put a newer redis-server or a valkey-server earlier on PATH: https://redis.io/docs/latest/operate/oss_and_stack/install has packages.',
    ),
  ];
}
