import type { Socket } from 'node:net';
import type { Problem } from './problem.ts';
import { renderProblem } from './problem-document.ts';
import { mayArriveSlowly } from './slow-body.ts';

const malformed: Problem = {
  status: 400,
  code: 'HTTP_MALFORMED',
  detail: 'This is not a well-formed HTTP request.',
};

const problems: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'HEADERS_TOO_LARGE',
    detail: 'The request line and headers together are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'REQUEST_TIMEOUT',
    detail: 'The request did not arrive in time.',
  },
};

/**
 * Answers what Node's parser could not make a request of, with a problem document written straight to the socket, and closes it.
 * Never logged: anyone can send garbage at any rate.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  // Node reports each request once, and leaves it to this listener what becomes of it.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && mayArriveSlowly(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problems[error.code ?? ''] ?? malformed;
  const body = renderProblem(problem, 'none');
  const head = [
    `HTTP/1.1 ${problem.status} ${JSON.parse(body).title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
