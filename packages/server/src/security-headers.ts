export interface SecurityHeaderOptions {
  /** `Strict-Transport-Security: max-age`. Only where every answer goes over TLS. Default: not sent. */
  hstsMaxAgeSeconds?: number;
}

/**
 * The headers that every answer of an API carries: no sniffing, no framing, no referrer, and a policy that lets a
 * document load nothing. Routes that serve pages set a `Content-Security-Policy` of their own.
 */
export function securityHeaders(options: SecurityHeaderOptions = {}): Record<string, string> {
  const headers: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  };
  if (options.hstsMaxAgeSeconds !== undefined) {
    headers['strict-transport-security'] = `max-age=${options.hstsMaxAgeSeconds}`;
  }
  return headers;
}
