import { runCommand } from '../setup/run-command.mjs';
import { note, wrong } from './finding.mjs';

const TIMEOUT_MS = 5000;
const MAX_SKEW_MS = 60_000;

/**
 * The npm registry, proxies, and the clock, which the registry's answer is compared with.
 *
 * @param {{ isInstalled: boolean }} options without the registry an installation can't be made, but used
 */
export async function checkNetwork({ isInstalled }) {
  const findings = proxyFindings();
  const registry = (await runCommand('npm', ['config', 'get', 'registry'])).output.trim();
  const sentAt = Date.now();
  const answer = await fetch(registry, {
    method: 'HEAD',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (!answer && !(await npmReachesIt())) {
    findings.push(
      (isInstalled ? note : wrong)(
        "npm's registry does not answer.",
        'Look at the network, at `npm config get registry`, and at `npm config get proxy`; what is installed works without it.',
      ),
    );
  }
  const skewMs = Date.parse(answer?.headers.get('date') ?? '') - sentAt;
  if (Math.abs(skewMs) > MAX_SKEW_MS) {
    findings.push(
      wrong(
        `The clock is about ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'slow' : 'fast'}: certificates and tokens may seem invalid.`,
        'Set it, as with `timedatectl set-ntp true`; in WSL run `wsl --shutdown` on Windows.',
      ),
    );
  }
  return findings;
}

/** Through proxies too, which Node's own `fetch` doesn't use. */
async function npmReachesIt() {
  const retries = ['--fetch-retries=0', `--fetch-timeout=${TIMEOUT_MS}`];
  return (await runCommand('npm', ['view', 'fastify', 'version', ...retries])).code === 0;
}

function proxyFindings() {
  const env = Object.fromEntries(
    Object.entries(process.env).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const bypassed = /(^|[\s,])(localhost|127\.0\.0\.1|\*)([\s,]|$)/.test(env.no_proxy ?? '');
  if (!env.http_proxy || bypassed) return [];
  return [
    note(
      'A proxy is set for HTTP, and NO_PROXY does not except localhost: curl asks the proxy for it.',
      'Set `NO_PROXY=localhost,127.0.0.1`.',
    ),
  ];
}
