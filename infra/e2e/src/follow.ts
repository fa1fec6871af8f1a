import type { HttpAnswer, HttpClient } from './http-client.ts';

/** A browser that people use; anything that looks like a program is counted as a bot. */
export const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36';

/** Opens a short link as a browser does, and stays where the redirect is. */
export function follow(
  http: HttpClient,
  shortOrigin: string,
  slug: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return http.send(`${shortOrigin}/${slug}`, { headers: { 'user-agent': browser, ...headers } });
}
