import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Who listens on a TCP port, as in "nginx (process 812)"; undefined where that can't be found out.
 *
 * @param {number} port
 * @returns {Promise<string | undefined>}
 */
export async function portOwner(port) {
  try {
    return process.platform === 'linux' ? await askProc(port) : await askLsof(port);
  } catch {
    return undefined; // Only for the message: another user's process, no lsof, no /proc.
  }
}

/**
 * Socket inode of the listener from /proc/net/tcp (proc_net(5)), then the process that has it open.
 *
 * @param {number} port
 */
async function askProc(port) {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  const inodes = tables
    .flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)))
    .filter(([, local, , state]) => local?.endsWith(suffix) && state === listening)
    .map((fields) => `socket:[${fields[9]}]`);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (inodes.includes(target)) {
        const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
        return `${name} (process ${pid})`;
      }
    }
  }
  return undefined;
}

/** @param {number} port */
async function askLsof(port) {
  const { stdout } = await execute('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const name = /^c(.+)$/m.exec(stdout)?.[1];
  return pid && name ? `${name} (process ${pid})` : undefined;
}
