import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Driver, type Load, type LoadResult, userAgent } from './load.ts';

const script = fileURLToPath(new URL('../../scripts/bench.lua', import.meta.url));

/** `wrk`; undefined where it is not installed. */
export async function findWrk(): Promise<Driver | undefined> {
  const version = await promisify(execFile)('wrk', ['-v']).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  const name = /^wrk \S+/.exec(version)?.[0];
  return name === undefined ? undefined : { name, run };
}

async function run(load: Load): Promise<LoadResult> {
  const {
    origin,
    requests,
    connections = 64,
    threads = 1,
    seconds,
    headers = {},
    status = 302,
  } = load;
  const all = { 'User-Agent': userAgent, ...headers };
  const { stdout } = await promisify(execFile)(
    'wrk',
    [
      ...[`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '-s', script],
      ...Object.entries(all).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      `${origin}${pathOf(requests)}`,
      ...['--', requests.kind, `${status}`, ...argumentsOf(requests)],
    ],
    { timeout: (seconds + 20) * 1_000 },
  );
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  const result = JSON.parse(line) as LoadResult & Record<'wrong' | 'broken' | 'late', number>;
  if (result.wrong + result.broken > 0) {
    throw new Error(
      `${origin} did not answer as it should: of ${result.answers} answers ${result.wrong} had another status than ${status}; ${result.broken} connections broke.`,
    );
  }
  return result;
}

function pathOf(requests: Load['requests']): string {
  return requests.kind === 'numbered' ? '/' : requests.path;
}

function argumentsOf(requests: Load['requests']): string[] {
  if (requests.kind === 'path') return [];
  if (requests.kind === 'create') return [`${requests.first}`];
  const { prefix, first, stride, count, limit = 0 } = requests;
  return [prefix, `${first}`, `${stride}`, `${count}`, `${limit}`];
}
