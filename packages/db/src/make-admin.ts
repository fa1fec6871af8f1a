import { AppError } from '@shortstack/errors';
import { Client } from 'pg';

export interface MakeAdminOptions {
  /** A role that may change accounts. */
  ownerUrl: string;
  /** Of an account that exists. */
  email: string;
}

/**
 * Gives an account the role `admin`, which no API grants. It takes effect when its owner signs in next. Again changes nothing.
 * Rejects with an `AppError` `ACCOUNT_NOT_FOUND` if there is no such account.
 */
export async function makeAdmin({ ownerUrl, email }: MakeAdminOptions): Promise<void> {
  const client = new Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
    application_name: 'make-admin',
  });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `UPDATE accounts SET role = 'admin' WHERE email = lower($1)`,
      [email],
    );
    if (rowCount === 0) {
      throw new AppError(
        'not_found',
        'ACCOUNT_NOT_FOUND',
        `There is no account of ${email}: register first.`,
      );
    }
  } finally {
    await client.end();
  }
}
