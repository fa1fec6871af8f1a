import { execFile } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRedisServer, postgresBinariesDirectory } from '@shortstack/servers';
import { nginxVersion } from '../subjects/start-nginx.ts';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  postgres: string;
  redis: string;
  nginx: string;
  loadTool: string;
  /** Of the checkout; with a `+` where files differ from it. */
  commit: string;
}

/** What the figures were measured on, and with what. */
export async function describeMachine(loadTool: string): Promise<Machine> {
  const [postgres, redis, nginx, commit, changes] = await Promise.all([
    firstLine(join(postgresBinariesDirectory(), 'bin/postgres'), ['--version']),
    findRedisServer().then((command) => firstLine(command, ['--version'])),
    nginxVersion(),
    firstLine('git', ['rev-parse', '--short', 'HEAD']),
    firstLine('git', ['status', '--porcelain', '--untracked-files=no']),
  ]);
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()}`,
    node: process.version,
    postgres: /\d+(\.\d+)+/.exec(postgres)?.[0] ?? postgres,
    redis: /v=(\S+)/.exec(redis)?.[1] ?? redis,
    nginx: nginx ?? 'not installed',
    loadTool,
    commit: commit === '' ? 'unknown' : `${commit}${changes === '' ? '' : '+'}`,
  };
}

/** In one line. */
export function machineText(machine: Machine): string {
  const { cpu, cores, memoryGiB, kernel, node, postgres, redis, nginx, loadTool, commit } = machine;
  return `${cores} × ${cpu}, ${memoryGiB} GiB, ${kernel}; Node ${node}, PostgreSQL ${postgres}, Redis ${redis}, ${nginx}; load from ${loadTool}; commit ${commit}`;
}

/** Empty if the command fails. */
async function firstLine(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { timeout: 10_000 }).catch(() => ({
    stdout: '',
  }));
  return stdout.trim().split('\n')[0] ?? '';
}
