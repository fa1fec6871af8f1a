import type { User } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { PasswordHasher } from './password-hasher.ts';

/** What signing in needs to know of an account. */
export interface AccountToSignIn extends User {
  passwordHash: string;
  sessionTag: string;
}

export interface SignInPorts {
  passwords: PasswordHasher;
  findAccount(email: string): Promise<AccountToSignIn | null>;
  /** @throws AppError `EMAIL_TAKEN` */
  insertAccount(account: {
    email: string;
    name: string;
    passwordHash: string;
    sessionTag: string;
  }): Promise<AccountToSignIn>;
  /** Rejects with kind `unavailable` while sessions can't be stored. */
  probeSessions(): Promise<void>;
  newSessionTag(): string;
}

/** One address is one account, however it is written. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Makes an account. Refuses with kind `unavailable` before anything is written when there could be no session for it.
 * @throws AppError `conflict` / `EMAIL_TAKEN`, `unavailable` / `OVERLOADED`.
 */
export async function register(
  ports: SignInPorts,
  { email, password, name = '' }: { email: string; password: string; name?: string | undefined },
): Promise<AccountToSignIn> {
  await ports.probeSessions();
  const passwordHash = await ports.passwords.hash(password);
  return ports.insertAccount({
    email: normaliseEmail(email),
    name: name.trim(),
    passwordHash,
    sessionTag: ports.newSessionTag(),
  });
}

/**
 * Finds the account of an address and password. An unknown address takes as long as a wrong password.
 * @throws AppError `unauthenticated` / `INVALID_CREDENTIALS`, `unavailable` / `OVERLOADED`.
 */
export async function checkCredentials(
  ports: SignInPorts,
  { email, password }: { email: string; password: string },
): Promise<AccountToSignIn> {
  await ports.probeSessions();
  const account = await ports.findAccount(normaliseEmail(email));
  const isRight = await ports.passwords.verify(account?.passwordHash ?? null, password);
  if (account && isRight) return account;
  throw new AppError(
    'unauthenticated',
    'INVALID_CREDENTIALS',
    'The address or the password is wrong.',
  );
}
