import { AppError } from '@shortstack/errors';

/** Characters of a target URL at most, once serialised. */
export const maxUrlLength = 8_192;

/**
 * Checks a link's target and returns it as the WHATWG algorithm serialises it: IDN hosts as punycode, spaces and
 * control characters percent-encoded or removed, so what is stored and sent as `Location` is one line of ASCII.
 *
 * @param shortOrigin where the short links live, as the same algorithm serialises it; a link to it could point at itself.
 * @throws AppError `unprocessable` / `URL_NOT_ALLOWED`, with the reason.
 * @see https://url.spec.whatwg.org/#url-parsing
 */
export function parseTargetUrl(text: string, shortOrigin: string): string {
  const url = URL.parse(text);
  if (url === null) throw notAllowed('It can’t be parsed as an absolute URL.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw notAllowed('Only http and https are allowed.');
  }
  if (url.hostname === '') throw notAllowed('It has no host.');
  if (url.username !== '' || url.password !== '') {
    throw notAllowed('It must not contain a user name or password.');
  }
  if (shortOrigin.includes(hostOf(url)) && addressOf(url) === addressOf(new URL(shortOrigin))) {
    throw notAllowed('It leads to the short links themselves.');
  }
  if (url.href.length > maxUrlLength) {
    throw notAllowed(`It is longer than ${maxUrlLength} characters once it is serialised.`);
  }
  return url.href;
}

/** Host and port; the scheme doesn't matter for "the same place", nor does a host's trailing dot. */
function addressOf(url: URL): string {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return `${hostOf(url)}:${isDefault(port) ? 'default' : port}`;
}

function hostOf({ hostname }: URL): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}

/** http and https of one host are one place: the one usually redirects to the other. */
function isDefault(port: string): boolean {
  return port === '80' || port === '443';
}

function notAllowed(reason: string): AppError {
  return new AppError('unprocessable', 'URL_NOT_ALLOWED', `This URL is not allowed. ${reason}`);
}
