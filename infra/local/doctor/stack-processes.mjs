import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { processStart } from '../setup/process-start.mjs';
import { runCommand } from '../setup/run-command.mjs';

/**
 * What runs on a data directory: the supervisor of `npm start`, and the processes that it, or one that was killed, has started.
 *
 * @param {string} dataDirectory
 * @returns {Promise<{ supervisor?: number, processes: { name: string, pid: number }[] }>}
 */
export async function stackProcesses(dataDirectory) {
  const holder = readJson(join(dataDirectory, 'supervisor.json'))?.pid;
  const isSupervisor =
    holder !== undefined && /infra\/local\/src\/main\.ts/.test(await commandLine(holder));
  const processes = [...services(dataDirectory), ...(await servers(dataDirectory))];
  return { ...(isSupervisor && { supervisor: holder }), processes };
}

/** @param {string} dataDirectory */
function services(dataDirectory) {
  return listed(join(dataDirectory, 'run')).flatMap((file) => {
    const record = readJson(join(dataDirectory, 'run', file));
    const runs = record?.started !== undefined && processStart(record.pid) === record.started;
    return runs ? [{ name: basename(file, '.json'), pid: record.pid }] : [];
  });
}

/** @param {string} dataDirectory */
async function servers(dataDirectory) {
  const found = [];
  for (const name of listed(dataDirectory)) {
    for (const pidFile of ['redis.pid', 'postmaster.pid']) {
      const pid = Number.parseInt(readText(join(dataDirectory, name, pidFile)), 10);
      const runs = pid > 1 && /\b(redis|valkey)-server\b|\bpostgres\b/.test(await commandLine(pid));
      if (runs) found.push({ name, pid });
    }
  }
  return found;
}

/** @param {number} pid */
async function commandLine(pid) {
  if (process.platform === 'linux') return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  return (await runCommand('ps', ['-ww', '-o', 'command=', '-p', String(pid)])).output;
}

/** @param {string} directory */
function listed(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {string} file
 * @returns {{ pid: number, started?: string } | undefined}
 */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
