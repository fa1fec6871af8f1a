import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, on every architecture that Node runs on. */
const ticksPerSecond = 100;

/**
 * CPU seconds (user and system) that a process and all its descendants have used so far, ended ones included. Read
 * from `/proc`, so Linux only; throws for a process that is gone.
 */
export function cpuSeconds(pid: number): number {
  const ticks = family(pid).map(({ fields }) => {
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
    return user + system + endedUser + endedSystem;
  });
  return sum(ticks) / ticksPerSecond;
}

/** Resident memory of a process and its descendants, in MiB. Pages that they share count for each. */
export function residentMebibytes(pid: number): number {
  return sum(family(pid).map(({ pid }) => kibibytes(`/proc/${pid}/status`, 'VmRSS'))) / 1024;
}

/** Memory of a process and its descendants, in MiB. Each shared page counts once, in parts. */
export function proportionalMebibytes(pid: number): number {
  return sum(family(pid).map(({ pid }) => kibibytes(`/proc/${pid}/smaps_rollup`, 'Pss'))) / 1024;
}

interface Stat {
  pid: number;
  parent: number;
  /** From the third on, see proc_pid_stat(5). */
  fields: string[];
}

function family(pid: number): Stat[] {
  const root = readStat(pid);
  const byParent = new Map<number, Stat[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readStat(Number(name));
      byParent.set(stat.parent, [...(byParent.get(stat.parent) ?? []), stat]);
    } catch {
      // Ended since the folder was read.
    }
  }
  const found = [root];
  for (const stat of found) found.push(...(byParent.get(stat.pid) ?? []));
  return found;
}

function readStat(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(fields[1]), fields };
}

function kibibytes(file: string, name: string): number {
  try {
    return Number(
      new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0,
    );
  } catch {
    // Ended since the folder was read.
    return 0;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
