import Bowser from 'bowser';

/** "Firefox on Linux": enough to tell one's own sessions apart, and no more. Null for what says neither. */
export function describeDevice(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent.slice(0, 512));
  if (!browser.name && !os.name) return null;
  return [browser.name, os.name].filter(Boolean).join(' on ').slice(0, 80);
}
