import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePortOffset } from '../../../../../infra/local/src/free-port-offset.ts';

const internalPorts = [9300, 9301, 9302, 9310, 9311, 9312];
const atMostMs = 120_000;

/** Runs `npm start` in a checkout, on ports of its own, until every process is ready, ends it, and resolves to the seconds it took. */
export async function timeNpmStart(directory: string): Promise<number> {
  const portOffset = await freePortOffset();
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'INIT_CWD'),
  );
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: directory,
    env: { ...env, PORT_OFFSET: `${portOffset}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its whole group can then be told to end.
    detached: true,
  });
  const { pid } = child;
  const end = () => {
    if (child.exitCode === null && pid !== undefined) process.kill(-pid, 'SIGTERM');
  };
  process.once('exit', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exited = once(child, 'exit');
  try {
    while (!(await areReady(portOffset))) {
      if (child.exitCode !== null || performance.now() - startedAt > atMostMs) {
        throw new Error(`\`npm start\` did not bring everything up:\n${output.slice(-2_000)}`);
      }
      await pause(25);
    }
    return (performance.now() - startedAt) / 1_000;
  } finally {
    process.off('exit', end);
    end();
    await exited;
  }
}

async function areReady(portOffset: number): Promise<boolean> {
  const ready = await Promise.all(
    internalPorts.map((port) =>
      fetch(`http://127.0.0.1:${port + portOffset}/readyz`, {
        signal: AbortSignal.timeout(2_000),
      }).then(
        async (answer) => {
          await answer.body?.cancel();
          return answer.ok;
        },
        () => false,
      ),
    ),
  );
  return ready.every(Boolean);
}
