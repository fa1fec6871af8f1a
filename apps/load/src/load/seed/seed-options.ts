import { parseArgs } from 'node:util';
import type { KeyDistribution } from '../../generate/key-distribution.ts';
import { keysUsage, parseKeys } from '../parse-keys.ts';
import { UsageError } from '../usage-error.ts';

/** What `npm run load -- seed` is asked for. */
export interface SeedOptions {
  /** Of a role that may write all tables: the owner. */
  databaseUrl: string;
  links: number;
  clicks: number;
  /** How many days the clicks spread over, today included. */
  days: number;
  /** How the clicks spread over the links. */
  keys: KeyDistribution;
  /** Connections that write at the same time. */
  connections: number;
  remove: boolean;
}

const text = { type: 'string' } as const;

/** Throws a UsageError that names what is wrong. */
export function parseSeedOptions(args: readonly string[], env: NodeJS.ProcessEnv): SeedOptions {
  const values = parse(args);
  const databaseUrl = values['database-url'] ?? env.DATABASE_URL ?? env.LOAD_DATABASE_URL;
  if (!databaseUrl) throw new UsageError('seed needs --database-url.');
  const keys = parseKeys(values.keys ?? 'zipf:1.2');
  if (keys === undefined) throw new UsageError(keysUsage);
  return {
    databaseUrl,
    links: whole('links', values.links ?? '10000', 1, 4_000_000_000),
    clicks: whole('clicks', values.clicks ?? '0', 0, 100_000_000_000),
    days: whole('days', values.days ?? '30', 1, 366),
    keys,
    connections: whole('connections', values.connections ?? '3', 1, 32),
    remove: values.remove ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'database-url': text,
        links: text,
        clicks: text,
        days: text,
        keys: text,
        connections: text,
        remove: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, given: string, least: number, most: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && given !== '' && number >= least && number <= most) return number;
  throw new UsageError(`--${name} is a whole number from ${least} to ${most}.`);
}
