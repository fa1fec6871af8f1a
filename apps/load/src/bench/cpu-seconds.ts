import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, on every architecture that Node runs on. */
const ticksPerSecond = 100;

/**
 * CPU seconds (user and system) that a process has used so far, with `withChildren` also those of its children,
 * ended ones included. Read from `/proc`, so Linux only: throws elsewhere, and for a process that is gone.
 */
export function cpuSeconds(pid: number, { withChildren = false } = {}): number {
  const own = readStat(pid);
  if (!withChildren) return (own.user + own.system) / ticksPerSecond;
  let ticks = own.user + own.system + own.endedChildren;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const found = readStat(Number(name));
      if (found.parent === pid) ticks += found.user + found.system;
    } catch {
      // Ended since the folder was read.
    }
  }
  return ticks / ticksPerSecond;
}

function readStat(pid: number) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold spaces.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { parent: fields[1] ?? 0, user, system, endedChildren: childUser + childSystem };
}

/** Resident memory in MiB. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes ?? 0) / 1024;
}
