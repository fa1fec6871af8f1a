import { randomBytes } from 'node:crypto';
import { AppError } from '@shortstack/errors';
import { type AccountToSignIn, normaliseEmail, type SignInPorts } from './sign-in.ts';

/** What an issuer says of the person who signed in there. */
interface ClaimedIdentity {
  issuer: string;
  subject: string;
  verifiedEmail: string | null;
  name: string;
}

export interface OidcSignInPorts
  extends Pick<
    SignInPorts,
    | 'passwords'
    | 'createSession'
    | 'endSession'
    | 'probeSessions'
    | 'newSessionTag'
    | 'newAccountId'
  > {
  findAccountByIdentity(identity: {
    issuer: string;
    subject: string;
  }): Promise<AccountToSignIn | null>;
  findAccount(email: string): Promise<AccountToSignIn | null>;
  /** @throws AppError `conflict` / `EMAIL_TAKEN` or `IDENTITY_TAKEN` */
  insertAccountWithIdentity(
    account: AccountToSignIn & { hasPassword: boolean },
    identity: { issuer: string; subject: string; email: string },
  ): Promise<AccountToSignIn>;
  /** Spends what limits new accounts. @throws AppError `RATE_LIMITED` */
  limitRegistration(): Promise<void>;
}

/**
 * Signs in whoever an issuer vouches for, and makes an account for who is new.
 *
 * Issuer and subject alone name a person. An address never opens an account that is there already, verified or not: addresses
 * of accounts with a password were never verified, so somebody may have registered yours and wait for you to come in beside them; and
 * an issuer might vouch for addresses that aren't its own to vouch for. Who has such an account signs in to it first and
 * links the issuer there.
 *
 * @throws AppError `forbidden` / `OIDC_EMAIL_UNVERIFIED`, `conflict` / `EMAIL_TAKEN`.
 * @see https://msrc.microsoft.com/blog/2022/05/pre-hijacking-attacks/
 */
export async function signInByIdentity(
  ports: OidcSignInPorts,
  { issuer, subject, verifiedEmail, name }: ClaimedIdentity,
  providerName: string,
): Promise<{ account: AccountToSignIn; token: string }> {
  await ports.probeSessions();
  const known = await ports.findAccountByIdentity({ issuer, subject });
  if (known !== null) return { account: known, token: await ports.createSession(known) };

  const email = normaliseEmail(verifiedEmail ?? '');
  if (email === '' || email.length > 254 || email.includes('\0')) {
    throw new AppError(
      'forbidden',
      'OIDC_EMAIL_UNVERIFIED',
      `${providerName} does not vouch for your e-mail address. Verify it there first, or register with a password.`,
    );
  }
  if ((await ports.findAccount(email)) !== null) throw linkFirst(email, providerName);
  await ports.limitRegistration();

  const account = {
    id: ports.newAccountId(),
    email,
    name: name.replaceAll('\0', '').trim().slice(0, 100),
    role: 'user' as const,
    // Nobody has the text, so no password fits; versions that know no accounts without one find a hash as always.
    passwordHash: await ports.passwords.hash(randomBytes(32).toString('base64url')),
    hasPassword: false,
    sessionTag: ports.newSessionTag(),
  };
  // First, as in `register`: what fails when sessions can't be stored.
  const token = await ports.createSession(account);
  try {
    const identity = { issuer, subject, email };
    return { account: await ports.insertAccountWithIdentity(account, identity), token };
  } catch (error) {
    await ports.endSession(token).catch(() => undefined);
    if (error instanceof AppError && error.code === 'EMAIL_TAKEN') {
      throw linkFirst(email, providerName);
    }
    throw error;
  }
}

function linkFirst(email: string, providerName: string): AppError {
  return new AppError(
    'conflict',
    'EMAIL_TAKEN',
    `There is an account of ${email} already. Sign in to it as you did before, then link ${providerName} on your account page.`,
  );
}
