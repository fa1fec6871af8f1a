import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface LiveStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Each event so far, as `name data`. */
  readonly events: string[];
  /** Everything that was sent, comments included. */
  sent(): string;
  readonly isOpen: boolean;
  /** Reads no more, and keeps the connection. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens a stream of server-sent events, or reads the problem that is answered instead. */
export async function openLive(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<LiveStream> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sending = request(url, { headers }, resolve).on('error', reject).end();
  const answer = await promise;
  onTestFinished(() => void sending.destroy());
  let body = answer.statusCode === 200 ? '' : await text(answer);
  let isOpen = answer.statusCode === 200;
  answer.setEncoding('utf8').on('data', (part: string) => {
    body += part;
  });
  answer
    .on('error', () => {})
    .on('close', () => {
      isOpen = false;
    });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    get events() {
      return [...body.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(
        ([, name, data]) => `${name} ${data}`,
      );
    },
    sent: () => body,
    get isOpen() {
      return isOpen;
    },
    pause: () => void answer.pause(),
    resume: () => void answer.resume(),
    close: () => void sending.destroy(),
  };
}
