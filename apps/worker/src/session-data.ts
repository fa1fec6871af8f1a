import type { SignedInUser } from '@shortstack/contracts';

declare module '@shortstack/session' {
  interface SessionData extends SignedInUser {}
}
