import { parseHead } from './parse-head.ts';

/** The end of one response. */
export interface ParsedResponse {
  status: number;
  /** Whether the server keeps the connection open for the next request. */
  keepsAlive: boolean;
  /** Status line and headers as they came, the last line break included; read on demand. */
  head(): string;
}

export interface ResponseParser {
  /** Takes bytes as they arrive; returns the response when they complete it. Throws on what is no HTTP/1.1 response, or more than one. */
  feed(chunk: Buffer): ParsedResponse | undefined;
  /** The server has closed the connection: returns the response if only that could end its body. */
  end(): ParsedResponse | undefined;
}

const CR = 13;
const LF = 10;
const maxHeadBytes = 65_536;
const anyHead = Buffer.from('\r\n\r\n');

type State = 'head' | 'body' | 'chunk-size' | 'chunk' | 'trailer' | 'until-close' | 'complete';

/**
 * A parser for one response at a time over one connection: status line, `Content-Length`, chunks, trailers, bodies that last
 * until the connection closes, and interim answers (1xx), which it skips. Bodies are counted and thrown away.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3 (message body length)
 */
export function createResponseParser(): ResponseParser {
  let state: State = 'head';
  let pending: Buffer | undefined;
  let remaining = 0;
  let response: ParsedResponse = { status: 0, keepsAlive: true, head: () => '' };

  /** Returns where the body begins, or -1 if the head is not complete. */
  function readHead(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(anyHead, from);
    if (end < 0) {
      if (chunk.length - from > maxHeadBytes) throw new Error('the head has no end');
      return -1;
    }
    const head = parseHead(chunk, from, end);
    response = {
      status: head.status,
      keepsAlive: head.keepsAlive,
      head: () => chunk.toString('latin1', from, end + 2),
    };
    const next = end + 4;
    if (head.status < 200) return next;
    remaining = head.contentLength;
    if (head.status === 204 || head.status === 304) state = 'complete';
    else if (head.isChunked) state = 'chunk-size';
    else if (remaining > 0) state = 'body';
    else if (remaining === 0) state = 'complete';
    else {
      response.keepsAlive = false;
      state = 'until-close';
    }
    return next;
  }

  /** Skips what is left of a body or chunk. */
  function skip(chunk: Buffer, from: number): number {
    const taken = Math.min(remaining, chunk.length - from);
    remaining -= taken;
    return from + taken;
  }

  /** A line of the framing of chunks; -1 if its end has not come yet. */
  function readFraming(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(LF, from);
    if (end < 0) {
      if (chunk.length - from > maxHeadBytes) throw new Error('a chunk without a size');
      return -1;
    }
    const line = chunk.toString('latin1', from, chunk[end - 1] === CR ? end - 1 : end);
    if (state === 'trailer') {
      if (line === '') state = 'complete';
    } else {
      const size = /^([0-9a-f]{1,12})\s*(?:;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw new Error('not the size of a chunk');
      // Two more for the line break behind the data.
      remaining = Number.parseInt(size, 16) + 2;
      state = remaining === 2 ? 'trailer' : 'chunk';
    }
    return end + 1;
  }

  function feed(bytes: Buffer): ParsedResponse | undefined {
    const chunk = pending === undefined ? bytes : Buffer.concat([pending, bytes]);
    pending = undefined;
    let at = 0;
    while (at < chunk.length) {
      let next: number;
      if (state === 'head') next = readHead(chunk, at);
      else if (state === 'chunk-size' || state === 'trailer') next = readFraming(chunk, at);
      else if (state === 'until-close') next = chunk.length;
      else if (state === 'complete') throw new Error('more than one response');
      else {
        next = skip(chunk, at);
        if (remaining === 0) {
          state = state === 'body' ? 'complete' : 'chunk-size';
        }
      }
      if (next < 0) {
        pending = chunk.subarray(at);
        return undefined;
      }
      at = next;
    }
    return takeResponse('complete');
  }

  function takeResponse(at: State): ParsedResponse | undefined {
    if (state !== at) return undefined;
    state = 'head';
    return response;
  }

  return { feed, end: () => takeResponse('until-close') };
}
