import type { createServiceTokenIssuer } from '@shortstack/discovery';
import { AppError } from '@shortstack/errors';

type PrivateJwk = Parameters<typeof createServiceTokenIssuer>[0]['privateJwk'];

/** Reads `SERVICE_PRIVATE_KEY`. @throws AppError `SERVICE_KEY_INVALID` */
export function parseServiceKey(text: string): PrivateJwk {
  try {
    return JSON.parse(text) as PrivateJwk;
  } catch {
    // The parser's own message would quote the key.
    throw new AppError('internal', 'SERVICE_KEY_INVALID', 'SERVICE_PRIVATE_KEY is not JSON.');
  }
}
