/** The codes of the contract for a URL that it refuses. */
export type Refusal = 'URL_NOT_ALLOWED' | 'VALIDATION_FAILED';

/**
 * What the contract says becomes of a URL: where its link leads (the WHATWG serialisation), or why there is no link.
 * Written from the contract, not from the service.
 */
export function expectedTarget(
  text: string,
  shortOrigin: string,
): { location: string } | { refused: Refusal } {
  if (text.length === 0 || text.length > 16_384) return { refused: 'VALIDATION_FAILED' };
  const url = URL.parse(text);
  const isAllowed =
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    url.host !== new URL(shortOrigin).host &&
    url.href.length <= 8_192;
  return isAllowed ? { location: url.href } : { refused: 'URL_NOT_ALLOWED' };
}
