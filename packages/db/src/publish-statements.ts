import { AsyncResource } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import type { Pool, PoolClient } from 'pg';

type Callback = (error: unknown, result: unknown) => void;
type Query = (...args: unknown[]) => unknown;
/** What `query` takes besides a text; what has `submit` is a protocol of its own. */
type Statement = { text?: string; name?: string; submit?: unknown };

/** Where each statement is told of: `{ statement }`, its name or its first word. Costs one comparison while nobody listens. */
const statements = tracingChannel<object, { statement: string }>('shortstack:postgres');

/**
 * Tells the tracing channel `shortstack:postgres` of each statement that the pool's connections send, COPY excepted. pg 8 has no
 * channels of its own.
 */
export function publishStatements(pool: Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const told = (...args: unknown[]) =>
      statements.hasSubscribers ? tell(query, args) : query(...args);
    client.query = told as PoolClient['query'];
  });
  // `pool.query` waits for a connection by callback, and that is called by whoever gives one back.
  const connect = pool.connect.bind(pool) as (callback?: Callback) => unknown;
  const bound = (callback?: Callback) =>
    connect(callback && statements.hasSubscribers ? AsyncResource.bind(callback) : callback);
  pool.connect = bound as Pool['connect'];
}

function tell(query: Query, args: unknown[]): unknown {
  const [first] = args;
  const { text, name, submit } = typeof first === 'string' ? { text: first } : (first as Statement);
  if (text === undefined || submit !== undefined) return query(...args);
  const message = { statement: name ?? text.trimStart().split(/\s/, 1)[0]?.toUpperCase() ?? '' };
  const last = args.length - 1;
  return typeof args[last] === 'function'
    ? statements.traceCallback(query as never, last, message, undefined, ...(args as never[]))
    : statements.tracePromise(query as never, message, undefined, ...(args as never[]));
}
