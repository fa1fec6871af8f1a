import { tracingChannel } from 'node:diagnostics_channel';
import type { OpenSpan, SpanOptions } from './span-options.ts';

interface CommandMessage {
  command: string;
  serverAddress?: string;
  serverPort?: number;
}

interface StatementMessage {
  statement: string;
}

/** Both end alike: with an `error` where there was one. */
type Message = { error?: unknown };

/**
 * Makes a span of each Redis command (ioredis' own channel) and each PostgreSQL statement (that of packages/db), by its name alone: no key, value
 * or text. `start` returns undefined for what is not to be traced. Returns how to stop; what is under way then is still ended.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#class-tracingchannel
 */
export function traceClients(start: (span: SpanOptions) => OpenSpan | undefined): () => void {
  const stops = [
    listen('ioredis:command', ({ command, serverAddress, serverPort }: CommandMessage) =>
      start({
        name: command.toUpperCase(),
        kind: 'client',
        attributes: {
          'db.system.name': 'redis',
          'db.operation.name': command.toUpperCase(),
          ...(serverAddress !== undefined && { 'server.address': serverAddress }),
          ...(serverPort !== undefined && { 'server.port': serverPort }),
        },
      }),
    ),
    listen('shortstack:postgres', ({ statement }: StatementMessage) =>
      start({
        name: statement,
        kind: 'client',
        attributes: { 'db.system.name': 'postgresql', 'db.query.summary': statement },
      }),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function listen<T extends object>(
  name: string,
  start: (message: T) => OpenSpan | undefined,
): () => void {
  const spans = new WeakMap<object, OpenSpan>();
  const channel = tracingChannel<object, T & Message>(name);
  const end = (message: T & Message) => {
    spans.get(message)?.end(message.error === undefined ? {} : { error: message.error });
    spans.delete(message);
  };
  const handlers = {
    start(message: T & Message) {
      const span = start(message);
      if (span !== undefined) spans.set(message, span);
    },
    asyncEnd: end,
  };
  channel.subscribe(handlers as never);
  return () => channel.unsubscribe(handlers as never);
}
