import { runCommand } from '../setup/run-command.mjs';
import { note } from './finding.mjs';

const OLDEST_ENGINE = '26.0';
const OLDEST_COMPOSE = '2.26';
const WITHOUT =
  '`npm start` and `npm test` need none; `docker compose up`, `npm run test:docker` and `npm run hosts` do.';

export async function checkDocker() {
  const [engine, compose] = await Promise.all([
    ask('version', '--format', '{{.Server.Version}}'),
    ask('compose', 'version', '--short'),
  ]);
  if (!engine) return [note('No Docker engine answers.', WITHOUT)];
  const findings = [];
  if (isOlder(engine, OLDEST_ENGINE)) {
    findings.push(note(`The Docker engine is ${engine}, older than ${OLDEST_ENGINE}.`, WITHOUT));
  }
  if (!compose || isOlder(compose, OLDEST_COMPOSE)) {
    findings.push(
      note(
        `Docker Compose is ${compose ?? 'missing'}: ${OLDEST_COMPOSE} is the oldest that will do.`,
        WITHOUT,
      ),
    );
  }
  return findings;
}

/** @param {string[]} args */
async function ask(...args) {
  const { code, output } = await runCommand('docker', args, { timeout: 5000 });
  return code === 0 ? output.trim() : undefined;
}

/**
 * @param {string} version
 * @param {string} oldest
 */
function isOlder(version, oldest) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
