/**
 * Where signing in leads back to: an address below one of our own origins, or the app's origin where none or
 * another was asked for. So a link to our sign-in page can't send people on to somebody else's site.
 */
export function returnAddress(
  wanted: string | undefined,
  { appOrigin, origins }: { appOrigin: string; origins: readonly string[] },
): string {
  if (wanted === undefined || !URL.canParse(wanted, appOrigin)) return appOrigin;
  const url = new URL(wanted, appOrigin);
  return [appOrigin, ...origins].includes(url.origin) ? url.href : appOrigin;
}
