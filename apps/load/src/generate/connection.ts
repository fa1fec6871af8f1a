import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createResponseParser, type ParsedResponse } from './response-parser.ts';

/** Why a request got no complete answer. */
export type Failure =
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'closed'
  | 'unreachable'
  | 'bad response'
  | 'not sent';

/** What became of one request: a complete answer, or the reason why there is none. */
export type Outcome = ParsedResponse | Failure;

export interface ConnectionOptions {
  /** Of http or https; certificates are checked. */
  origin: URL;
  /** From sending, connecting included, to the complete answer. */
  timeoutMs: number;
  /** False closes after each answer; the request must then say `Connection: close`. */
  keepAlive: boolean;
}

export interface Connection {
  readonly isBusy: boolean;
  /** Sends one request, over a new socket if there is none. `onOutcome` is called once, never before `send` returns. */
  send(request: string, now: number, onOutcome: (outcome: Outcome) => void): void;
  /** To be called every now and then: gives up a request that is past its timeout. */
  checkTimeout(now: number): void;
  /** Ends the socket; a request under way fails as closed. */
  close(): void;
}

/**
 * One HTTP/1.1 connection with at most one request under way, straight on a socket: the client must cost less than the
 * server that it measures. Opens its socket when it is first needed and anew after any failure.
 */
export function createConnection({ origin, timeoutMs, keepAlive }: ConnectionOptions): Connection {
  let socket: Socket | undefined;
  let waiting: ((outcome: Outcome) => void) | undefined;
  let deadline = 0;

  function settle(outcome: Outcome): void {
    const tell = waiting;
    waiting = undefined;
    tell?.(outcome);
  }

  function drop(): void {
    const old = socket;
    socket = undefined;
    old?.destroy();
  }

  function open(): Socket {
    const opened = openSocket(origin);
    const isCurrent = () => socket === opened;
    const parser = createResponseParser();
    opened.on('data', (chunk: Buffer) => {
      if (!isCurrent()) return;
      let response: ParsedResponse | undefined;
      try {
        response = parser.feed(chunk);
        if (response === undefined) return;
        if (waiting === undefined) throw new Error('an answer that nobody asked for');
      } catch {
        drop();
        settle('bad response');
        return;
      }
      if (!keepAlive || !response.keepsAlive) drop();
      settle(response);
    });
    opened.on('error', (error: NodeJS.ErrnoException) => {
      if (!isCurrent()) return;
      drop();
      settle(failureOf(error.code));
    });
    opened.on('end', () => {
      if (!isCurrent()) return;
      drop();
      settle(parser.end() ?? 'closed');
    });
    return opened;
  }

  return {
    get isBusy() {
      return waiting !== undefined;
    },
    send(request, now, onOutcome) {
      waiting = onOutcome;
      deadline = now + timeoutMs;
      socket ??= open();
      socket.write(request, 'latin1');
    },
    checkTimeout(now) {
      if (waiting === undefined || now < deadline) return;
      drop();
      settle('timeout');
    },
    close() {
      drop();
      settle('closed');
    },
  };
}

function openSocket(origin: URL): Socket {
  const isTls = origin.protocol === 'https:';
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const port = Number(origin.port || (isTls ? 443 : 80));
  const options = { host, port, noDelay: true };
  return isTls
    ? connectTls({
        ...options,
        ALPNProtocols: ['http/1.1'],
        servername: /[a-z]/i.test(host) ? host : '',
      })
    : connectTcp(options);
}

function failureOf(code: string | undefined): Failure {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset';
  return 'unreachable';
}
