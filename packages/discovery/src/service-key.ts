import { AppError } from '@shortstack/errors';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/**
 * Makes a service's signing key: an Ed25519 private key as a JWK, its id being its thumbprint. For set-up, once per
 * service; all instances of the service share it. Keep it secret.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8037 (Ed25519 keys as JWK)
 * @see https://www.rfc-editor.org/rfc/rfc7638 (thumbprints)
 */
export async function generateServiceKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' };
}

/** Reads a service's private key, the JWK in JSON of its setting. @throws AppError `internal` / `SERVICE_KEY_INVALID`, without quoting it. */
export function parseServiceKey(text: string): JWK {
  try {
    return JSON.parse(text) as JWK;
  } catch {
    // The parser's own message would quote the key.
    throw new AppError('internal', 'SERVICE_KEY_INVALID', 'SERVICE_PRIVATE_KEY is not JSON.');
  }
}
