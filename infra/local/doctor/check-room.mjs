import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { runCommand } from '../setup/run-command.mjs';
import { note, wrong } from './finding.mjs';

const GIB = 1024 ** 3;

/**
 * Disk, memory, open files and shared memory.
 *
 * @param {{ root: string, isInstalled: boolean }} options
 */
export async function checkRoom({ root, isInstalled }) {
  const findings = [];
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const needed = (isInstalled ? 0.5 : 2) * GIB;
  if (free < needed) {
    findings.push(
      wrong(
        `The disk with this checkout has ${inGib(free)} GiB left.`,
        `Free at least ${inGib(needed)} GiB.`,
      ),
    );
  }
  const memory = availableMemory();
  if (memory < 1 * GIB) {
    findings.push(
      note(
        `${inGib(memory)} GiB of memory are available, and the stack takes about 1 GiB.`,
        'Close something large, or give this machine or container more.',
      ),
    );
  }
  const files = await openFilesLimit();
  if (files < 4096) {
    findings.push(
      wrong(
        `A process may open ${files} files at most.`,
        'Raise the limit with `ulimit -n 4096`, or the hard one in /etc/security/limits.conf.',
      ),
    );
  }
  if (process.platform === 'linux' && !everyoneMayWrite('/dev/shm')) {
    findings.push(
      wrong(
        "PostgreSQL can't share memory: /dev/shm is missing or not writable for everyone.",
        'Run `mount -t tmpfs -o mode=1777 tmpfs /dev/shm` or `chmod 1777 /dev/shm` as root.',
      ),
    );
  }
  return findings;
}

/** @param {number} bytes */
const inGib = (bytes) => (bytes / GIB).toFixed(1);

/** Of the machine, or of the container if that has less. macOS doesn't say what it could free: the whole then. */
function availableMemory() {
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return Math.min(limit, memAvailable() ?? totalmem());
}

function memAvailable() {
  if (!existsSync('/proc/meminfo')) return undefined;
  const kib = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return kib ? Number(kib) * 1024 : undefined;
}

/** The hard limit: Node and Redis raise their soft one to it. */
async function openFilesLimit() {
  const { output } = await runCommand('sh', ['-c', 'ulimit -Hn']);
  const files = Number.parseInt(output, 10);
  return Number.isNaN(files) ? Number.POSITIVE_INFINITY : files;
}

/** @param {string} directory */
function everyoneMayWrite(directory) {
  return existsSync(directory) && (statSync(directory).mode & 0o002) !== 0;
}
