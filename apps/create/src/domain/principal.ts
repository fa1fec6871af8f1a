import type { Scope } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';

/** Who acts: an account, by its session, an access token or one of its keys. */
export interface Principal {
  accountId: string;
  /** Null for a session, which may do everything that its account may. */
  key: { id: string; scopes: readonly string[] } | null;
  /** Present where it acts by an access token: that may do what a session may, but manages neither sessions nor keys. */
  byToken?: true;
}

/** @throws AppError `forbidden` / `SCOPE_MISSING` where the key lacks the scope. */
export function assertScope(principal: Principal, scope: Scope): void {
  if (principal.key === null || principal.key.scopes.includes(scope)) return;
  throw new AppError('forbidden', 'SCOPE_MISSING', `This API key lacks the scope "${scope}".`);
}

/** @throws AppError `forbidden` / `SESSION_REQUIRED` for API keys and access tokens: they don't manage keys or sessions. */
export function assertSession(principal: Principal): void {
  if (principal.key === null && principal.byToken === undefined) return;
  throw new AppError(
    'forbidden',
    'SESSION_REQUIRED',
    'Neither API keys nor access tokens can do this. Sign in instead.',
  );
}
