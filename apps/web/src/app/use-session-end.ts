import { useEffect } from 'react';
import { leadToSignIn } from './lead-to-sign-in.ts';
import { watchSessionEnd } from './watch-session-end.ts';

/** Leads this tab to the sign-in page within a second after its session was ended, wherever that happened. */
export function useSessionEnd(): void {
  useEffect(() => watchSessionEnd(leadToSignIn), []);
}
