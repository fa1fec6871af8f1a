/** What a client must know to find the end of a response. */
export interface Head {
  status: number;
  keepsAlive: boolean;
  isChunked: boolean;
  /** -1 if there is none. */
  contentLength: number;
}

const CR = 13;
const LF = 10;
const colonCode = 58;
const lowerC = 99;
const lowerT = 116;

/**
 * Reads the status line and the headers between `from` and `end`. Throws on what is none of HTTP/1.
 *
 * Looks closer only at lines that begin with c or t: a regular expression over the head costs several times as much.
 */
export function parseHead(chunk: Buffer, from: number, end: number): Head {
  const status = Number(chunk.toString('latin1', from + 9, from + 12));
  const version = chunk.toString('latin1', from, from + 9);
  if ((version !== 'HTTP/1.1 ' && version !== 'HTTP/1.0 ') || !(status >= 100 && status < 600)) {
    throw new Error('no HTTP/1.1 status line');
  }
  const head = { status, keepsAlive: version === 'HTTP/1.1 ', isChunked: false, contentLength: -1 };
  for (let at = from + 12; at < end; at += 1) {
    if (chunk[at] !== LF) continue;
    const first = (chunk[at + 1] ?? 0) | 0x20;
    if (first === lowerC || first === lowerT) readHeader(chunk, at + 1, end, head);
  }
  return head;
}

function readHeader(chunk: Buffer, from: number, end: number, head: Head): void {
  let colon = from;
  while (colon < end && chunk[colon] !== colonCode) colon += 1;
  const length = colon - from;
  if (length !== 10 && length !== 14 && length !== 17) return;
  const name = chunk.toString('latin1', from, colon).toLowerCase();
  if (name !== 'connection' && name !== 'content-length' && name !== 'transfer-encoding') return;
  let lineEnd = colon;
  while (lineEnd < end && chunk[lineEnd] !== CR) lineEnd += 1;
  const value = chunk
    .toString('latin1', colon + 1, lineEnd)
    .trim()
    .toLowerCase();
  if (name === 'connection') head.keepsAlive = value !== 'close';
  else if (name === 'transfer-encoding') head.isChunked = value.endsWith('chunked');
  else if (/^\d{1,15}$/.test(value)) head.contentLength = Number(value);
  else throw new Error('not a Content-Length');
}
