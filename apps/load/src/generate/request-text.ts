/** A browser's: services count people and bots apart, and to measure what people get one must look like them. */
export const browserUserAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

export interface RequestParts {
  method?: 'GET' | 'POST' | 'PATCH';
  /** With query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  /** ASCII. */
  body?: string;
}

/** Makes requests to one origin, as they go over the wire, with the headers that all of them share. */
export function requestTexts(
  origin: URL,
  { keepAlive, headers = {} }: { keepAlive: boolean; headers?: Readonly<Record<string, string>> },
): (parts: RequestParts) => string {
  const shared = linesOf({
    host: origin.host,
    'user-agent': browserUserAgent,
    accept: '*/*',
    ...(!keepAlive && { connection: 'close' }),
    ...headers,
  });
  return ({ method = 'GET', path, headers: own = {}, body }) => {
    const length = body === undefined ? '' : `content-length: ${body.length}\r\n`;
    return `${method} ${path} HTTP/1.1\r\n${shared}${linesOf(own)}${length}\r\n${body ?? ''}`;
  };
}

function linesOf(headers: Readonly<Record<string, string>>): string {
  let lines = '';
  for (const name in headers) lines += `${name}: ${headers[name]}\r\n`;
  return lines;
}
