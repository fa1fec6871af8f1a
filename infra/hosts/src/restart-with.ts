import { processesOf } from './kinds.ts';
import { layOutFiles } from './lay-out-files.ts';
import { restartProcess } from './restart-process.ts';
import { knownHosts, type Site } from './site.ts';
import type { Vault } from './vault.ts';

/** Lays out the files of all hosts anew and restarts what reads them at start, one host after the other. */
export async function restartWith(site: Site, vault: Vault): Promise<void> {
  const hosts = knownHosts(site);
  for (const host of hosts) await layOutFiles(site, host, vault);
  for (const host of hosts) {
    const processes = processesOf(host);
    await Promise.all(processes.map((process) => restartProcess(site, host, process)));
    if (processes.length > 0) console.log(`${host} has its new files.`);
  }
}
