import { schema } from '@shortstack/db';
import { eq } from '@shortstack/db/drizzle';
import { AppError } from '@shortstack/errors';
import type { GuardedDatabase } from './guarded-database.ts';

const { accounts } = schema;

export type Account = typeof accounts.$inferSelect;

/** @throws AppError `conflict` / `EMAIL_TAKEN`. */
export async function insertAccount(
  database: GuardedDatabase,
  account: Omit<Account, 'createdAt' | 'hasPassword'>,
): Promise<Account> {
  const [inserted] = await database.run((db) =>
    db.insert(accounts).values(account).onConflictDoNothing({ target: accounts.email }).returning(),
  );
  if (!inserted) {
    throw new AppError('conflict', 'EMAIL_TAKEN', 'There is an account with this address already.');
  }
  return inserted;
}

/** The account of a normalised address; null where there is none. */
export async function findAccountByEmail(
  database: GuardedDatabase,
  email: string,
): Promise<Account | null> {
  const [account] = await database.run((db) =>
    db.select().from(accounts).where(eq(accounts.email, email)),
  );
  return account ?? null;
}
