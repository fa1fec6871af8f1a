import { Readable } from 'node:stream';

/** A stream of server-sent events. */
export interface EventStream {
  /** What is sent to the client. */
  readonly body: Readable;
  /** Sends an event, unless so much waits for the client that it is dropped: then false. */
  send(event: string, data: unknown): boolean;
  /** Keeps the connection from looking dead. False once the client has taken nothing since the last two. */
  beat(): boolean;
  end(): void;
}

/** What may wait for a client, besides what the system buffers. */
const maxWaitingBytes = 65_536;

/**
 * Creates a stream of server-sent events in bounded memory. A client that loses it comes back by itself after 1 to 5 s.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventStream(): EventStream {
  const body = new Readable({ read() {} });
  let stuckBeats = 0;
  // Not all at once after a restart.
  body.push(`retry: ${1_000 + Math.floor(Math.random() * 4_000)}\n\n`);

  return {
    body,
    send(event, data) {
      if (body.readableLength > maxWaitingBytes) return false;
      body.push(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      return true;
    },
    beat() {
      stuckBeats = body.readableLength > 0 ? stuckBeats + 1 : 0;
      if (stuckBeats === 0) body.push(': still here\n\n');
      return stuckBeats < 2;
    },
    end() {
      if (!body.readableEnded) body.push(null);
    },
  };
}
