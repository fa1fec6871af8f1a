import { AppError } from '@shortstack/errors';
import { type Dispatcher, request } from 'undici';
import { createGuardedAgent } from './create-guarded-agent.ts';
import { decodeHtml } from './decode-html.ts';
import { createHeadReader, type PageMetadata } from './head-reader.ts';
import type { OutgoingRules } from './outgoing-rules.ts';

/**
 * `read`: a page was there. `nothing`: an answer that is no page, or too many redirects. `refused`: it leads to somewhere that is not allowed.
 * `unreachable`: no answer, or one that says "later"; may be different next time.
 */
export type PageReading =
  | { outcome: 'read'; metadata: PageMetadata }
  | { outcome: 'nothing' | 'refused' | 'unreachable'; reason: string };

export interface ReadPageOptions {
  rules: OutgoingRules;
  /** Who asks. Should hold "bot", so that sites (we too) don't count it as a visitor. */
  userAgent: string;
  /** For everything together: names, connections, redirects, the page. Default 5,000. */
  timeoutMs?: number;
  /** How much of a page is read. Default 512 KiB. */
  maxBytes?: number;
}

const maxRedirects = 5;

/**
 * Reads the head of the page that a URL leads to. Sends neither cookies nor credentials, and checks each hop anew (see `createGuardedAgent`).
 * Never rejects. At most `timeoutMs` and `maxBytes`; stops at the end of the head.
 */
export async function readPage(url: string, options: ReadPageOptions): Promise<PageReading> {
  const agent = createGuardedAgent(options.rules);
  const signal = AbortSignal.timeout(options.timeoutMs ?? 5_000);
  // undici hears the signal only once it is connected.
  const expired = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  try {
    const reading = follow(new URL(url), agent, signal, options);
    return await Promise.race([reading, expired]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isRefusal = error instanceof AppError && error.code === 'TARGET_NOT_ALLOWED';
    return { outcome: isRefusal ? 'refused' : 'unreachable', reason };
  } finally {
    await agent.destroy();
  }
}

async function follow(
  start: URL,
  dispatcher: Dispatcher,
  signal: AbortSignal,
  options: ReadPageOptions,
): Promise<PageReading> {
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    if (!isPlainWebUrl(url)) return { outcome: 'refused', reason: 'Neither http nor https' };
    const answer = await request(url, { dispatcher, signal, headers: headersFor(options) });
    const { statusCode, headers } = answer;
    const location = statusCode >= 300 && statusCode < 400 ? one(headers.location) : '';
    if (location === '') return readAnswer(answer, url, options);
    discard(answer);
    const next = URL.parse(location, url);
    if (!next) return { outcome: 'nothing', reason: 'A redirect to nowhere' };
    url = next;
  }
  return { outcome: 'nothing', reason: `More than ${maxRedirects} redirects` };
}

async function readAnswer(
  answer: Dispatcher.ResponseData,
  url: URL,
  { maxBytes = 524_288 }: ReadPageOptions,
): Promise<PageReading> {
  const { statusCode, headers, body } = answer;
  const contentType = one(headers['content-type']);
  const isPage = statusCode >= 200 && statusCode < 300 && /^\s*text\/html\b/i.test(contentType);
  if (!isPage || (one(headers['content-encoding']) || 'identity') !== 'identity') {
    discard(answer);
    const outcome = statusCode === 429 || statusCode >= 500 ? 'unreachable' : 'nothing';
    return { outcome, reason: `Status ${statusCode}, ${contentType || 'no content type'}` };
  }
  const head = createHeadReader(url);
  // Leaving the loop closes the connection.
  for await (const text of decodeHtml(upTo(maxBytes, body), contentType)) {
    if (!head.write(text)) break;
  }
  return { outcome: 'read', metadata: head.result() };
}

async function* upTo(maxBytes: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = maxBytes;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

function headersFor({ userAgent }: ReadPageOptions): Record<string, string> {
  return { 'user-agent': userAgent, accept: 'text/html', 'accept-encoding': 'identity' };
}

function isPlainWebUrl({ protocol, username, password }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function discard({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => {}).destroy();
}

function one(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}
