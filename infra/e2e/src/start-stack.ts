import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPorts } from '@shortstack/testing';
import { Pool, type QueryResultRow } from 'pg';
import { afterAll, beforeEach } from 'vitest';
import type { RedisName } from '../../redis/src/redis-users.ts';
import { deniedCommands } from './denied-commands.ts';
import { type StackRedis, startRedisServers } from './redis-servers.ts';
import { type App, type ServiceName, serviceEnvironments } from './service-environments.ts';
import { type ServiceProcess, serviceProcess } from './service-process.ts';
import type { Stack } from './stack.ts';
import { type OwnPostgres, ownPostgres, sharedPostgres } from './stack-database.ts';

export interface StartStackOptions {
  /** Processes per service; default one of each. 0 leaves one out. */
  instances?: Partial<Record<ServiceName, number>>;
  /** Default off. */
  rateLimits?: 'on' | 'off';
  /** A PostgreSQL server that the test may kill, instead of a database on the one of the test run. */
  withOwnPostgres?: boolean;
  /** The servers that the services reach through a proxy which can fail; of PostgreSQL only an own one. Default none. */
  behindProxy?: readonly (RedisName | 'postgres')[];
  /** The host in the origin of each service, of any name (see `createHttpClient`); default 127.0.0.1. */
  hosts?: Partial<Record<App, string>>;
  /** Added to the environment of every process of a service. */
  env?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  /**
   * A checkout of an older version: it migrates an own PostgreSQL, and the first instance of each service runs from it. The other
   * instances are of this version, and wait for `start`.
   */
  previousRoot?: string;
  /** Denials, as sentences, of grants that the older version has to do without. Default none. */
  mayBeDenied?: RegExp | undefined;
}

/** A whole stack on free ports of this machine, with data of its own, and every power over it. */
export interface LocalStack extends Stack {
  readonly services: Readonly<Record<ServiceName, readonly ServiceProcess[]>>;
  readonly redis: Readonly<Record<RedisName, StackRedis>>;
  /** With `withOwnPostgres` or `previousRoot` alone. */
  readonly postgres: OwnPostgres | undefined;
}

/**
 * Starts PostgreSQL, every Redis server with the configuration of their roles, and every service as real
 * processes; resolves when all are ready (about 3 s). For the top level of a test file: everything ends with
 * the file, which fails if Redis has denied a service anything. When a test fails, the end of each log is shown and the
 * logs are kept.
 */
export async function startStack(options: StartStackOptions = {}): Promise<LocalStack> {
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-e2e-logs-'));
  const ports = await claimPorts();
  const { behindProxy = [], previousRoot } = options;
  const own =
    options.withOwnPostgres || previousRoot
      ? await ownPostgres(ports, behindProxy.includes('postgres'), previousRoot)
      : undefined;
  const database = own ?? (await sharedPostgres());
  const redis = await startRedisServers(ports, behindProxy);
  const pool = new Pool({ connectionString: database.ownerUrl, max: 5 });
  // A killed server, or the database that is dropped at the end, breaks idle connections.
  pool.on('error', () => {});

  const { origins, environments } = await serviceEnvironments({
    directory,
    ports,
    database,
    redis,
    rateLimits: options.rateLimits ?? 'off',
    instances: options.instances ?? {},
    hosts: options.hosts ?? {},
  });
  const services = Object.fromEntries(
    Object.entries(environments).map(([service, processes]) => [
      service,
      processes.map((process, index) =>
        serviceProcess({
          ...process,
          root: index === 0 && isIn(previousRoot, process.main) ? previousRoot : undefined,
          env: { ...process.env, ...options.env?.[service as ServiceName] },
          logFile: join(directory, `${process.name}.log`),
        }),
      ),
    ]),
  ) as Record<ServiceName, ServiceProcess[]>;
  const all = Object.values(services).flat();

  let hasFailed = false;
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      hasFailed = true;
      showLogs(all, directory);
    });
  });
  afterAll(async () => {
    await Promise.all(all.map((process) => process.kill()));
    const denied = (await deniedCommands(redis)).filter((each) => !options.mayBeDenied?.test(each));
    await pool.end();
    await own?.close();
    if (!hasFailed) await rm(directory, { recursive: true });
    // A service that does without what it is denied would fail no other test.
    if (denied.length > 0)
      throw new Error(`Redis has denied what services need:\n${denied.join('\n')}`);
  });
  try {
    const first = Object.entries(services).flatMap(([name, processes]) => {
      const [described] = environments[name as ServiceName];
      return described && isIn(previousRoot, described.main) ? processes.slice(0, 1) : [];
    });
    await Promise.all((previousRoot ? first : all).map((process) => process.start()));
  } catch (error) {
    hasFailed = true;
    showLogs(all, directory);
    await Promise.all(all.map((process) => process.kill()));
    throw error;
  }
  return {
    ...origins,
    services,
    redis,
    postgres: own,
    sql: async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(text, [...values])).rows,
  };
}

const LINES = 12;

function showLogs(processes: readonly ServiceProcess[], directory: string): void {
  for (const process of processes) {
    const lines = process.log().trimEnd().split('\n').slice(-LINES);
    console.error(`── ${process.name} ──\n${lines.map((line) => line.slice(0, 1_000)).join('\n')}`);
  }
  console.error(`All logs: ${directory}`);
}

/** A service that is new has no older version. */
function isIn(root: string | undefined, main: string): boolean {
  return root !== undefined && existsSync(join(root, main));
}
