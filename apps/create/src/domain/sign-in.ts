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
  insertAccount(account: AccountToSignIn): Promise<AccountToSignIn>;
  /** Starts a session and returns its token. `device` says where. Rejects with kind `unavailable` while sessions can't be stored. */
  createSession(account: AccountToSignIn, device?: string | null): Promise<string>;
  endSession(token: string): Promise<unknown>;
  /** Rejects with kind `unavailable` while sessions can't be stored. */
  probeSessions(): Promise<void>;
  newSessionTag(): string;
  newAccountId(): string;
}

/** One address is one account, however it is written. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * Makes an account and its first session. The session comes first: a Redis that is away, full or read-only refuses it before there is
 * an account. If the account can't be stored the session is ended; nobody was given its token.
 * @throws AppError `conflict` / `EMAIL_TAKEN`, `unavailable` / `OVERLOADED`.
 */
export async function register(
  ports: SignInPorts,
  { email, password, name = '' }: { email: string; password: string; name?: string | undefined },
): Promise<{ account: AccountToSignIn; token: string }> {
  await ports.probeSessions();
  const account: AccountToSignIn = {
    id: ports.newAccountId(),
    email: normaliseEmail(email),
    name: name.trim(),
    role: 'user',
    passwordHash: await ports.passwords.hash(password),
    sessionTag: ports.newSessionTag(),
  };
  const token = await ports.createSession(account);
  try {
    return { account: await ports.insertAccount(account), token };
  } catch (error) {
    // Unended it would lapse by its TTL, unused.
    await ports.endSession(token).catch(() => undefined);
    throw error;
  }
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
