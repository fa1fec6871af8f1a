import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RequestParts {
  /** Default GET. */
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  agent?: Agent;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  json(): unknown;
}

/** One request as a client sends it that follows no redirect. The path is sent as it is. */
export function send(origin: string, path: string, parts: RequestParts = {}): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const { method = 'GET', headers = {}, body, agent } = parts;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent, timeout: 15_000 });
    sent.on('timeout', () => sent.destroy(new Error(`No answer to ${method} ${path}`)));
    sent.on('error', reject);
    sent.on('response', (answer) => {
      text(answer).then(
        (received) =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: received,
            json: () => JSON.parse(received) as unknown,
          }),
        reject,
      );
    });
    sent.end(body);
  });
}

/** Writes these bytes to the server and returns all that it answers until it closes the connection. */
export function sendBytes(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.setTimeout(5_000, () => socket.destroy(new Error('The connection stayed open')));
  socket.write(bytes, 'latin1');
  return text(socket);
}
