import { isUniqueViolation, schema } from '@shortstack/db';
import { and, desc, eq } from '@shortstack/db/drizzle';
import { AppError } from '@shortstack/errors';
import type { Identity } from '../domain/identity.ts';
import type { Account } from './accounts.ts';
import type { GuardedDatabase } from './guarded-database.ts';

const { accounts, identities } = schema;

/** Of one account. */
const maxIdentities = 10;

/** Whom this person of the issuer signs in as; null where nobody is linked to them. */
export async function findAccountByIdentity(
  database: GuardedDatabase,
  { issuer, subject }: { issuer: string; subject: string },
): Promise<Account | null> {
  const [found] = await database.run((db) =>
    db
      .select({ account: accounts })
      .from(identities)
      .innerJoin(accounts, eq(accounts.id, identities.accountId))
      .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject))),
  );
  return found?.account ?? null;
}

/** Both or neither. @throws AppError `conflict` / `EMAIL_TAKEN` or `IDENTITY_TAKEN`. */
export async function insertAccountWithIdentity(
  database: GuardedDatabase,
  account: Omit<Account, 'createdAt'>,
  identity: { issuer: string; subject: string; email: string },
): Promise<Account> {
  try {
    return await database.transaction(async (tx) => {
      const [inserted] = await tx
        .insert(accounts)
        .values(account)
        .onConflictDoNothing({ target: accounts.email })
        .returning();
      if (!inserted) throw emailTaken();
      await tx.insert(identities).values({ ...identity, accountId: inserted.id });
      return inserted;
    });
  } catch (error) {
    throw isUniqueViolation(error) ? identityTaken() : error;
  }
}

/**
 * Again changes nothing. @throws AppError `conflict` / `IDENTITY_TAKEN` where it is another account's, `IDENTITIES_FULL` where the account
 * has ten.
 */
export async function linkIdentity(
  database: GuardedDatabase,
  accountId: string,
  identity: { issuer: string; subject: string; email: string },
): Promise<void> {
  const { issuer, subject } = identity;
  await database.transaction(async (tx) => {
    const ofAccount = eq(accounts.id, accountId);
    await tx.select({ id: accounts.id }).from(accounts).where(ofAccount).for('update');
    const linked = await tx.select().from(identities).where(eq(identities.accountId, accountId));
    if (linked.some((other) => other.issuer === issuer && other.subject === subject)) return;
    if (linked.length >= maxIdentities) throw identitiesFull();
    const inserted = await tx
      .insert(identities)
      .values({ ...identity, accountId })
      .onConflictDoNothing({ target: [identities.issuer, identities.subject] })
      .returning({ id: identities.id });
    if (inserted.length === 0) throw identityTaken();
  });
}

/** The newest first, and whether the account has a password besides. */
export async function listIdentities(
  database: GuardedDatabase,
  accountId: string,
): Promise<{ items: Identity[]; hasPassword: boolean }> {
  const [items, [account]] = await Promise.all([
    database.run((db) =>
      db
        .select()
        .from(identities)
        .where(eq(identities.accountId, accountId))
        .orderBy(desc(identities.createdAt)),
    ),
    database.run((db) =>
      db
        .select({ hasPassword: accounts.hasPassword })
        .from(accounts)
        .where(eq(accounts.id, accountId)),
    ),
  ]);
  return { items, hasPassword: account?.hasPassword ?? false };
}

/**
 * Takes a link away, unless its account could not be signed in to any more: `last`. `unknown` where there is none. One transaction
 * that locks the account, so that of two links that are taken away at once one stays.
 */
export async function deleteIdentity(
  database: GuardedDatabase,
  accountId: string,
  id: string,
): Promise<'deleted' | 'last' | 'unknown'> {
  return database.transaction(async (tx) => {
    const [account] = await tx
      .select({ hasPassword: accounts.hasPassword })
      .from(accounts)
      .where(eq(accounts.id, accountId))
      .for('update');
    const linked = await tx
      .select({ id: identities.id })
      .from(identities)
      .where(eq(identities.accountId, accountId));
    if (!linked.some((identity) => identity.id === id)) return 'unknown';
    if (linked.length === 1 && account?.hasPassword !== true) return 'last';
    await tx.delete(identities).where(eq(identities.id, id));
    return 'deleted';
  });
}

function emailTaken(): AppError {
  return new AppError('conflict', 'EMAIL_TAKEN', 'There is an account with this address already.');
}

function identityTaken(): AppError {
  return new AppError(
    'conflict',
    'IDENTITY_TAKEN',
    'This sign-in belongs to another account already.',
  );
}

function identitiesFull(): AppError {
  return new AppError(
    'conflict',
    'IDENTITIES_FULL',
    `${maxIdentities} sign-ins are linked to this account already. Unlink one of them first.`,
  );
}
