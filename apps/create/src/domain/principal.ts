import type { Scope } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';

/** Who acts: an account, by its session or through one of its keys. */
export interface Principal {
  accountId: string;
  /** Null for a session, which may do everything that its account may. */
  key: { id: string; scopes: readonly string[] } | null;
}

/** @throws AppError `forbidden` / `SCOPE_MISSING` where the key lacks the scope. */
export function assertScope(principal: Principal, scope: Scope): void {
  if (principal.key === null || principal.key.scopes.includes(scope)) return;
  throw new AppError('forbidden', 'SCOPE_MISSING', `This API key lacks the scope "${scope}".`);
}

/** @throws AppError `forbidden` / `SESSION_REQUIRED` for an API key: keys don't manage keys or sessions. */
export function assertSession(principal: Principal): void {
  if (principal.key === null) return;
  throw new AppError('forbidden', 'SESSION_REQUIRED', 'An API key can’t do this. Sign in instead.');
}
