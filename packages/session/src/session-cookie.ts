export interface SessionCookieOptions {
  /** Without prefix; for example `session`. */
  name: string;
  /** The parent domain whose hosts share the session. Default: only the host that sets the cookie. */
  domain?: string;
  /** True everywhere but on localhost. */
  secure: boolean;
  /** How long the browser keeps it. Default: until it is closed. Normally the sessions' absolute TTL. */
  maxAgeSeconds?: number;
}

/** Reads and writes the session cookie. */
export interface SessionCookie {
  /** With the prefix that makes browsers enforce its scope. */
  readonly name: string;
  /** The value in a `Cookie` header; the first where there are several, null where there is none. */
  read(header: string | undefined): string | null;
  /** The `Set-Cookie` header that hands a session to the browser. */
  set(token: string): string;
  /** The `Set-Cookie` header that takes it away. */
  clear(): string;
}

/**
 * The session cookie: HttpOnly, SameSite=Lax, Path=/, Secure outside localhost, and then named `__Host-…`, or `__Secure-…`
 * with a parent domain.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-cookie-name-prefixes
 */
export function createSessionCookie(options: SessionCookieOptions): SessionCookie {
  const { domain, secure, maxAgeSeconds } = options;
  const name = `${prefixOf(options)}${options.name}`;
  const scope = `Path=/; HttpOnly; SameSite=Lax${domain ? `; Domain=${domain}` : ''}${secure ? '; Secure' : ''}`;
  const lifetime = maxAgeSeconds === undefined ? '' : `Max-Age=${maxAgeSeconds}; `;
  return {
    name,
    read: (header) => readCookie(header, name),
    set: (token) => `${name}=${token}; ${lifetime}${scope}`,
    clear: () => `${name}=; Max-Age=0; ${scope}`,
  };
}

function prefixOf({ secure, domain }: SessionCookieOptions): string {
  if (!secure) return '';
  return domain ? '__Secure-' : '__Host-';
}

function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
