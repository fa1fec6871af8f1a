import { Readable } from 'node:stream';
import { AppError, unavailable } from '@shortstack/errors';
import type { FastifyReply } from 'fastify';

/** One reader’s stream of server-sent events. */
interface EventStream {
  /** Sends an event, unless so much waits for the reader that it is dropped: then false. */
  send(event: string, data: unknown): boolean;
  end(): void;
  /** Gives it up before it was sent. */
  abandon(): void;
  /** Runs until the stream is closed. */
  every(ms: number, task: () => void): void;
  /** However it ends: by `end`, by the reader, or because the process closes. */
  onClose(task: () => void): void;
  /** Makes it the answer. */
  sendBy(reply: FastifyReply): FastifyReply;
}

interface EventStreamsOptions {
  /** At once, in this process. */
  maxStreams: number;
  /** At once, of one account. Default: as many as there may be. */
  maxStreamsPerAccount?: number;
}

interface EventStreams {
  /**
   * Begins a stream, which counts until it is closed. A reader gets a sign of life every 15 s, is given up when it has taken nothing for
   * 30 s, and is sent away after an hour; browsers come back by themselves after 1 to 5 s.
   *
   * @throws AppError `unavailable` or, for the account, `rate_limited`, both `TOO_MANY_STREAMS`.
   */
  open(accountId?: string): EventStream;
  /** Ends all of them, and begins no more: a server waits for its answers when it closes. */
  close(): void;
}

/** What may wait for a reader, besides what the system buffers. */
const maxWaitingBytes = 65_536;
const heartbeatMs = 15_000;
/** A proxy waits so long at most, and whoever vanished without a word is forgotten. */
const maxAgeMs = 3_600_000;
const retryAfterSeconds = 10;

/**
 * Streams of server-sent events of one route, bounded in number and in memory.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { maxStreams, maxStreamsPerAccount = maxStreams } = options;
  const open = new Set<EventStream>();
  const perAccount = new Map<string, number>();
  let isClosing = false;

  function assertRoom(accountId: string | undefined) {
    if (isClosing || open.size >= maxStreams) {
      throw unavailable('TOO_MANY_STREAMS', 'This instance has as many readers as it can.', {
        retryAfterSeconds,
      });
    }
    if (accountId === undefined || (perAccount.get(accountId) ?? 0) < maxStreamsPerAccount) return;
    throw new AppError('rate_limited', 'TOO_MANY_STREAMS', 'Too many of your pages look on here.', {
      retryAfterSeconds,
    });
  }

  function count(accountId: string | undefined, change: 1 | -1) {
    if (accountId === undefined) return;
    const number = (perAccount.get(accountId) ?? 0) + change;
    if (number === 0) perAccount.delete(accountId);
    else perAccount.set(accountId, number);
  }

  return {
    open(accountId) {
      assertRoom(accountId);
      const stream = createEventStream();
      open.add(stream);
      count(accountId, 1);
      stream.onClose(() => {
        open.delete(stream);
        count(accountId, -1);
      });
      return stream;
    },

    close() {
      isClosing = true;
      for (const stream of open) stream.end();
    },
  };
}

function createEventStream(): EventStream {
  const body = new Readable({ read() {} });
  let stuckBeats = 0;
  let hasEnded = false;
  // Not all at once after a restart.
  body.push(`retry: ${1_000 + Math.floor(Math.random() * 4_000)}\n\n`);

  function every(ms: number, task: () => void) {
    const timer = setInterval(task, ms);
    body.once('close', () => clearInterval(timer));
  }

  function end() {
    if (!hasEnded) body.push(null);
    hasEnded = true;
  }

  every(heartbeatMs, () => {
    stuckBeats = body.readableLength > 0 ? stuckBeats + 1 : 0;
    if (stuckBeats === 0 && !hasEnded) body.push(': still here\n\n');
    if (stuckBeats === 2) body.destroy();
  });
  every(maxAgeMs, end);

  return {
    send(event, data) {
      if (hasEnded || body.readableLength > maxWaitingBytes) return false;
      body.push(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      return true;
    },
    end,
    abandon: () => void body.destroy(),
    every,
    onClose: (task) => void body.once('close', task),
    sendBy: (reply) =>
      reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        // nginx hands it on as it comes.
        .header('x-accel-buffering', 'no')
        .send(body),
  };
}
