import { createHash } from 'node:crypto';
import { AppError } from '@shortstack/errors';

/** A request that may be repeated without doing it twice. */
export interface IdempotentRequest {
  accountId: string;
  key: string;
  /** SHA-256 of method, path and body. */
  requestHash: string;
}

/** An answer that is given again, word for word. */
export interface KeptAnswer {
  status: number;
  body: unknown;
}

/**
 * Reads the `Idempotency-Key` of a request; null without one.
 * @throws AppError `invalid` / `IDEMPOTENCY_KEY_INVALID` unless it has 1 to 255 printable ASCII characters.
 */
export function idempotentRequest(request: {
  accountId: string;
  header: string | string[] | undefined;
  method: string;
  path: string;
  body: unknown;
}): IdempotentRequest | null {
  const { accountId, header, method, path, body } = request;
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(header)) {
    const message = 'must have 1 to 255 printable ASCII characters';
    throw new AppError('invalid', 'IDEMPOTENCY_KEY_INVALID', `Idempotency-Key ${message}.`, {
      fields: [{ path: 'Idempotency-Key', message }],
    });
  }
  return { accountId, key: header, requestHash: hashRequest(method, path, body) };
}

/** A password leaves no trace in the hash: a fast hash beside the other, known fields could be searched for it. */
function hashRequest(method: string, path: string, body: unknown): string {
  const text = JSON.stringify([method, path, body], (name, value: unknown) =>
    name === 'password' && typeof value === 'string' ? true : value,
  );
  return createHash('sha256').update(text).digest('base64url');
}
