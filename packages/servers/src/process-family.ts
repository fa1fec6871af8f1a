import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Sends a signal to a process and its children, such as PostgreSQL's, each of which serves a connection.
 * The process is suspended first, so that it has no new children meanwhile.
 */
export async function signalFamily(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (!send(pid, 'SIGSTOP')) return;
  for (const member of [...(await childrenOf(pid)), pid]) send(member, signal);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // It has ended.
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await execute('pgrep', ['-P', String(parent)]).catch(() => ({ stdout: '' }));
    return stdout.split('\n').filter(Boolean).map(Number);
  }
  const pids = (await readdir('/proc')).map(Number).filter(Boolean);
  const parents = await Promise.all(pids.map(parentOf));
  return pids.filter((_, index) => parents[index] === parent);
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html the name, in brackets, may contain anything */
async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
}
