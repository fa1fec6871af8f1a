import type { KeyRing } from './key-ring.ts';

const maxRemembered = 5_000;
/** Characters of a sealed value; longer ones are opened anew. With the bound above some 5 MB at most. */
const maxLength = 512;

/**
 * A ring that remembers the last 5,000 values it opened, about a thousand sessions: opening takes several microseconds for each
 * field, and who is signed in asks again. A sealed value never changes its meaning, so nothing here can be out of date;
 * whether a session still exists is Redis's to say each time.
 */
export function rememberOpened(ring: KeyRing): KeyRing {
  const opened = new Map<string, { context: string; text: string }>();
  return {
    seal: (text, context) => ring.seal(text, context),
    open(sealed, context) {
      const known = opened.get(sealed);
      if (known?.context === context) return known.text;
      const text = ring.open(sealed, context);
      if (text === null || sealed.length > maxLength) return text;
      opened.set(sealed, { context, text });
      if (opened.size > maxRemembered) {
        for (const oldest of opened.keys()) {
          opened.delete(oldest);
          break;
        }
      }
      return text;
    },
  };
}
