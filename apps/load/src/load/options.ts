import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { KeyDistribution } from '../generate/key-distribution.ts';
import type { Stage } from '../generate/pacer.ts';
import { browserUserAgent } from '../generate/request-text.ts';
import { keysUsage, parseKeys } from './parse-keys.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface LoadOptions {
  scenario: string | undefined;
  target: string | undefined;
  api: string | undefined;
  apiKey: string | undefined;
  databaseUrl: string | undefined;
  slugs: readonly string[] | undefined;
  seeded: number | undefined;
  links: number;
  keys: KeyDistribution;
  unknownShare: number;
  creationShare: number;
  editsPerSecond: number;
  stages: readonly Stage[] | undefined;
  seconds: number;
  connections: number;
  threads: number;
  keepAlive: boolean;
  timeoutMs: number;
  userAgent: string;
  seed: number;
  auditSeconds: number;
  json: string | undefined;
  html: string | undefined;
  mayTest: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Throws a UsageError that names what is wrong. */
export function parseOptions(args: readonly string[]): LoadOptions {
  const values = parseValues(args);
  const scenario: Scenario = findScenario(values.scenario);
  const number = (name: keyof typeof values, least: number, most = Number.MAX_SAFE_INTEGER) =>
    readNumber(name, values[name], least, most);
  const whole = (name: keyof typeof values, least: number, most: number) =>
    readNumber(name, values[name], least, most, true);
  const keys = values.keys === undefined ? scenario.keys : parseKeys(values.keys);
  if (values.keys !== undefined && keys === undefined) {
    throw new UsageError(keysUsage);
  }
  const ways = (['links', 'slugs', 'seeded'] as const).filter((name) => values[name] !== undefined);
  if (ways.length > 1) throw new UsageError(`--${ways.join(' and --')} exclude each other.`);
  const seconds = number('duration', 0.1) ?? 30;
  const connections = whole('connections', 1, 100_000);
  const rate =
    number('rate', 0.01) ?? (connections === undefined ? (scenario.rate ?? 1_000) : undefined);
  const ramp = number('ramp', 0);
  if (rate === undefined && ramp !== undefined) {
    throw new UsageError('--ramp needs --rate: a closed loop has no rate.');
  }
  if (rate === undefined && scenario.shape !== undefined) {
    throw new UsageError(
      `--scenario ${values.scenario} has a shape over time: say --rate as well.`,
    );
  }
  return {
    scenario: values.scenario,
    target: values.target,
    api: values.api,
    apiKey: values['api-key'],
    databaseUrl: values['database-url'],
    slugs: values.slugs === undefined ? undefined : readSlugs(values.slugs),
    seeded: whole('seeded', 1, 2 ** 32),
    links: whole('links', 1, 1_000_000) ?? scenario.links ?? 100,
    keys: keys ?? { kind: 'uniform' },
    unknownShare: number('unknown', 0, 1) ?? scenario.unknownShare ?? 0,
    creationShare: number('creations', 0, 0.9) ?? scenario.creationShare ?? 0,
    editsPerSecond: number('edits', 0) ?? scenario.editsPerSecond ?? 0,
    stages: rate === undefined ? undefined : stagesOf(rate, seconds, ramp, scenario),
    seconds,
    connections: connections ?? 256,
    threads: whole('threads', 1, 64) ?? Math.min(4, Math.ceil(availableParallelism() / 2)),
    keepAlive: values['keep-alive'] ?? true,
    timeoutMs: (number('timeout', 0.01) ?? 5) * 1_000,
    userAgent: readUserAgent(values['user-agent']),
    seed: whole('seed', 0, 2 ** 31) ?? 1,
    auditSeconds: number('audit-seconds', 0) ?? 60,
    json: values.json,
    html: values.html,
    mayTest: values['i-may-test-this-host'] ?? false,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        scenario: text,
        target: text,
        api: text,
        'api-key': text,
        'database-url': text,
        slugs: text,
        seeded: text,
        links: text,
        keys: text,
        unknown: text,
        creations: text,
        edits: text,
        rate: text,
        ramp: text,
        duration: text,
        connections: text,
        threads: text,
        'keep-alive': flag,
        timeout: text,
        'user-agent': text,
        seed: text,
        'audit-seconds': text,
        json: text,
        html: text,
        'i-may-test-this-host': flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function findScenario(name: string | undefined): Scenario {
  if (name === undefined) return { about: '' };
  const scenario = scenarios[name];
  if (scenario !== undefined) return scenario;
  throw new UsageError(`No scenario "${name}". There are: ${Object.keys(scenarios).join(', ')}.`);
}

function readNumber(
  name: string,
  given: unknown,
  least: number,
  most: number,
  isWhole = false,
): number | undefined {
  if (given === undefined) return undefined;
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN;
  if (number >= least && number <= most && (!isWhole || Number.isInteger(number))) return number;
  throw new UsageError(
    `--${name} is a ${isWhole ? 'whole ' : ''}number from ${least}${most < 2 ** 53 - 1 ? ` to ${most}` : ''}.`,
  );
}

/** As they stand in a path. */
function readSlugs(given: string): string[] {
  const slugs = given.split(',').filter((slug) => slug !== '');
  if (slugs.length === 0) throw new UsageError('--slugs names no slug.');
  return slugs.map(encodeURIComponent);
}

function readUserAgent(given = browserUserAgent): string {
  if (/^[\x20-\x7e]+$/.test(given)) return given;
  throw new UsageError('--user-agent is a line of ASCII.');
}

function stagesOf(rate: number, seconds: number, ramp = 0, { shape }: Scenario): Stage[] {
  if (shape !== undefined) {
    if (ramp > 0)
      throw new UsageError('--ramp does not go with a scenario that has its own shape.');
    return shape.map(({ part, from, to }) => ({
      seconds: part * seconds,
      from: from * rate,
      to: to * rate,
    }));
  }
  if (ramp > seconds) throw new UsageError('--ramp is at most as long as --duration.');
  const stages = [
    { seconds: ramp, from: 0, to: rate },
    { seconds: seconds - ramp, from: rate, to: rate },
  ];
  return stages.filter((stage) => stage.seconds > 0);
}
