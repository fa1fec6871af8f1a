import { browser as userAgent } from './follow.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.ts';

/** Where a browser ended up. */
export interface Visit extends HttpAnswer {
  readonly url: string;
  /** Fields that the page's form carries unseen; empty without one. */
  readonly hiddenFields: Readonly<Record<string, string>>;
}

/** What of a browser signing in depends on: it keeps each site's cookies and follows redirects. */
export interface Browser {
  /** Follows redirects, but not out of the given sites: then the answer is the last redirect. */
  open(url: string, request?: HttpRequest): Promise<Visit>;
}

interface Cookie {
  value: string;
  domain: string;
  hostOnly: boolean;
}

/** A browser without cookies that knows its way between these origins. */
export function openBrowser(http: HttpClient, origins: readonly string[]): Browser {
  const cookies = new Map<string, Cookie>();

  const cookieHeader = (host: string) =>
    [...cookies]
      .filter(([, { domain, hostOnly }]) => host === domain || (!hostOnly && isBelow(host, domain)))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ');

  function keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    const wanted = attributes.find((each) => each.startsWith('Domain='))?.slice(7);
    if (wanted !== undefined && !isBelow(host, wanted)) return;
    const domain = wanted ?? host;
    if (attributes.includes('Max-Age=0')) cookies.delete(`${name} ${domain}`);
    else cookies.set(`${name} ${domain}`, { value, domain, hostOnly: wanted === undefined });
  }

  async function open(url: string, request: HttpRequest = {}): Promise<Visit> {
    const { hostname } = new URL(url);
    const answer = await http.send(url, {
      ...request,
      headers: {
        accept: 'text/html',
        'user-agent': userAgent,
        cookie: cookieHeader(hostname),
        ...request.headers,
      },
    });
    for (const line of answer.headers['set-cookie'] ?? []) keep(hostname, line);
    const next = answer.headers.location && new URL(answer.headers.location, url);
    if (next && origins.includes(next.origin)) return open(next.href);
    return { ...answer, url, hiddenFields: hiddenFieldsOf(answer.text) };
  }
  return { open };
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function hiddenFieldsOf(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries(
    [...inputs].map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]),
  );
}
