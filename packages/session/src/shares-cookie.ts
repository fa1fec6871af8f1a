/**
 * Whether browsers send a cookie that `setBy` sets to `origin`, too: their hosts are the same (the port doesn't matter), or both
 * lie below the cookie's domain. A Secure cookie needs HTTPS at both.
 */
export function sharesCookie(
  origin: string,
  { setBy, domain }: { setBy: string; domain?: string | undefined },
): boolean {
  const [here, there] = [new URL(origin), new URL(setBy)];
  if (there.protocol === 'https:' && here.protocol !== 'https:') return false;
  if (domain === undefined) return here.hostname === there.hostname;
  const parent = domain.replace(/^\./, '').toLowerCase();
  return [here, there].every(
    ({ hostname }) => hostname === parent || hostname.endsWith(`.${parent}`),
  );
}
