import { connectRedis, type RedisTarget } from '@shortstack/redis';
import { fullJitterMs, pause } from './backoff.ts';
import { compareEntryIds } from './compare-entry-ids.ts';
import { loadScript } from './load-script.ts';
import { report } from './report.ts';
import { decodeEvent, type StreamEntry, type StreamEvent } from './stream-event.ts';
import { streamKeys } from './stream-keys.ts';

const locateScript = loadScript('locate');

/** With `url` and `tls` of the hub: the reader opens a connection of its own, since it blocks on it. */
export interface BroadcastReaderOptions extends RedisTarget {
  stream: string;
  /** Called for each event, one after the other. What it throws counts as an event missed. */
  onEvent: (event: StreamEvent) => void | Promise<void>;
  /** From now on events may be missing. Called once per break; a cache marks its entries for revalidation. */
  onBroken: () => void;
  /** All is well again and what could be caught up was. With `missed`, events never arrived: what is cached up to now may be stale. */
  onRestored: (state: { missed: boolean }) => void;
  /** How long one read waits for events. A hub that hangs is noticed after this and one second more. Default 1,000. */
  blockMs?: number;
  /** For the log. */
  onError?: (error: unknown) => void;
}

export interface BroadcastReader {
  /** Whether the reader currently follows the stream. */
  readonly state: 'starting' | 'live' | 'broken';
  /** Resolves once the reader follows the stream: events published after that are seen. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** The last entry read, and its event's number; undefined when any may come next. */
interface Position {
  id: string;
  number: number | undefined;
}

const maxBackoffMs = 2_000;
const count = 500;
/** Spares a normal start the report of a failure. */
const connectMs = 1_000;

/**
 * Reads every event of a stream in this process, from the moment it starts. For what every process must hear of, such as cache invalidation.
 *
 * Nothing is acknowledged, so events can be missed: when the process is so far behind that they were trimmed (`keepEntries` of the publisher), or the hub lost them.
 * The events' numbers have no gaps, so that is noticed: by the next event, and on an idle stream within `blockMs`.
 * While the hub is away the reader tries again after up to 2 s with jitter, and goes on where it was. Cost: one round trip per `blockMs` when idle, plus one to
 * check; one per up to 500 events when busy.
 */
export function createBroadcastReader(options: BroadcastReaderOptions): BroadcastReader {
  const { url, tls, stream, blockMs = 1_000, onError = () => {} } = options;
  const keys = streamKeys(stream);
  const connection = connectRedis({ url, tls, name: 'hub', commandTimeoutMs: blockMs + 1_000 });
  const stop = new AbortController();
  const started = Promise.withResolvers<void>();
  let state: BroadcastReader['state'] = 'starting';
  let missed = false;
  let position: Position | undefined;
  const running = run();

  async function run() {
    let failures = 0;
    await connection.ready(connectMs).catch(() => {});
    while (!stop.signal.aborted) {
      try {
        position ??= await locate();
        const entries = await read(position.id, state === 'live');
        for (const entry of entries) await deliver(entry);
        const gone = entries.length === 0 && (await isGone(position));
        if (gone) startOver();
        else if (entries.length < count) caughtUp();
        failures = 0;
      } catch (error) {
        if (stop.signal.aborted) break;
        onError(error);
        broken('disconnected');
        await pause(fullJitterMs(failures, maxBackoffMs), stop.signal);
        failures += 1;
      }
    }
  }

  async function locate(): Promise<Position> {
    const [id, number] = (await connection.run((client) =>
      locateScript.run(client, [keys.stream, keys.state], []),
    )) as [string, string];
    return { id, number: number === '0' ? undefined : Number(number) };
  }

  async function read(after: string, block: boolean): Promise<StreamEntry[]> {
    const reply = await connection.run((client) =>
      block
        ? client.xread('COUNT', count, 'BLOCK', blockMs, 'STREAMS', stream, after)
        : client.xread('COUNT', count, 'STREAMS', stream, after),
    );
    return (reply?.[0]?.[1] ?? []) as StreamEntry[];
  }

  async function deliver([id, fields]: StreamEntry) {
    const decoded = fields === null ? undefined : decodeEvent(fields);
    const expected = position?.number === undefined ? undefined : position.number + 1;
    position = { id, number: decoded?.number };
    if (decoded === undefined || (expected !== undefined && decoded.number !== expected)) {
      lost();
    }
    if (decoded === undefined) return;
    try {
      await options.onEvent(decoded.event);
    } catch (error) {
      onError(error);
      lost();
    }
  }

  /** Whether the stream now ends before what was read of it. */
  async function isGone({ id, number = 0 }: Position): Promise<boolean> {
    const end = await locate();
    return compareEntryIds(end.id, id) < 0 || (end.number ?? 0) < number;
  }

  function startOver() {
    position = { id: '0-0', number: undefined };
    lost();
  }

  function lost() {
    missed = true;
    broken('lost');
  }

  function broken(reason: string) {
    if (state === 'broken') return;
    state = 'broken';
    report('events.broadcast_broken', { stream, reason });
    options.onBroken();
  }

  function caughtUp() {
    if (state === 'broken') options.onRestored({ missed });
    state = 'live';
    missed = false;
    started.resolve();
  }

  return {
    get state() {
      return state;
    },
    ready: () => started.promise,
    async close() {
      stop.abort();
      connection.client.disconnect();
      await running;
      await connection.close();
    },
  };
}
