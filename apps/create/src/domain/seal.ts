import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts texts that only this service opens again. */
export interface Seal {
  seal(text: string): string;
  /** Null for what this seal has not sealed, or what was changed. */
  open(sealed: string): string | null;
}

/**
 * AES-256-GCM with a random nonce under a key that is derived from a secret by HKDF. Two purposes have two keys: what was sealed for
 * one can't be opened for the other.
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export function createSeal(secret: string, purpose: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes);
      const encryption = createCipheriv(cipher, key, nonce);
      const encrypted = Buffer.concat([encryption.update(text, 'utf8'), encryption.final()]);
      return Buffer.concat([nonce, encryption.getAuthTag(), encrypted]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) return null;
      const decryption = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decryption.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const text = decryption.update(bytes.subarray(nonceBytes + tagBytes));
        return Buffer.concat([text, decryption.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
