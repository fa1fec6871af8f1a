/**
 * Drizzle, for everything that runs. Loaded as CommonJS: for each ES module Node parses its package.json anew, and Drizzle's has
 * 180 kB. Its 150 modules took a process 1 s of CPU time and left it 45 MiB larger; so they take 0.1 s.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const core: typeof import('drizzle-orm') = require('drizzle-orm');
const postgres: typeof import('drizzle-orm/pg-core') = require('drizzle-orm/pg-core');
const client: typeof import('drizzle-orm/node-postgres') = require('drizzle-orm/node-postgres');

export type { SQL } from 'drizzle-orm';
export type { NodePgDatabase } from 'drizzle-orm/node-postgres';

export const { drizzle } = client;
export const { and, arrayContains, count, desc, eq, gt, ilike, isNull, lt, or, sql } = core;
export const {
  bigint,
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} = postgres;

/** Loaded by who needs it alone. */
export function loadMigrator(): typeof import('drizzle-orm/node-postgres/migrator') {
  return require('drizzle-orm/node-postgres/migrator');
}
