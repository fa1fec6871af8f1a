import { describe, expect, it } from 'vitest';
import { createResponseParser } from './response-parser.ts';

/** What a parser makes of it when it arrives in pieces of this size. */
function parse(text: string, pieceSize = text.length) {
  const parser = createResponseParser();
  const bytes = Buffer.from(text, 'latin1');
  const found = [];
  for (let at = 0; at < bytes.length; at += pieceSize) {
    const response = parser.feed(bytes.subarray(at, at + pieceSize));
    if (response !== undefined) found.push(response.status);
  }
  const last = parser.end();
  if (last !== undefined) found.push(last.status);
  return found;
}

const responses = {
  'a redirect without a body': 'HTTP/1.1 302 Found\r\nlocation: /a\r\ncontent-length: 0\r\n\r\n',
  'a body of known length': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab\r\nc',
  'chunks, with an extension and a trailer':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nhello\r\nA\r\n0123456789\r\n0\r\nexpires: 0\r\n\r\n',
  'no body by its status': 'HTTP/1.1 304 Not Modified\r\ncontent-length: 500\r\n\r\n',
  'an interim answer first':
    'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
  'a body until the connection ends':
    'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nall of it',
};

describe('a response is complete, however it is cut into pieces:', () => {
  it.each(Object.entries(responses))('%s', (_name, text) => {
    const status = Number(text.match(/ (20.|30.) /)?.[1]);
    for (const size of [text.length, 1, 2, 3, 7]) expect(parse(text, size)).toEqual([status]);
  });
});

it('a response that is cut off is none', () => {
  const whole = responses['a body of known length'];
  expect(parse(whole.slice(0, -1))).toEqual([]);
  expect(parse(whole.slice(0, 30))).toEqual([]);
});

it('says when the server closes the connection, and gives the head on demand', () => {
  const parser = createResponseParser();
  const response = parser.feed(
    Buffer.from(
      'HTTP/1.1 302 Found\r\nLocation: /a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    ),
  );
  expect(response?.keepsAlive).toBe(false);
  expect(response?.head()).toContain('Location: /a\r\n');
});

it.each([
  ['SSH-2.0-OpenSSH_9.2\r\n\r\n', 'status line'],
  ['HTTP/2 200 OK\r\n\r\n', 'status line'],
  ['HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n', 'Content-Length'],
  ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n', 'size of a chunk'],
  ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab', 'more than one'],
])('refuses %j', (text, reason) => {
  expect(() => parse(text)).toThrow(reason);
});
