import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts texts under the first of its keys and decrypts what any of them has encrypted. */
export interface KeyRing {
  /** `keyId.base64url(nonce, authentication tag, ciphertext)`. It can be opened with the same context alone. */
  seal(text: string, context: string): string;
  /** Null for what no key of the ring opens in this context: unknown key, changed, or moved from elsewhere. */
  open(sealed: string, context: string): string | null;
}

/**
 * A ring from its written form, `id:secret,id:secret…`: AES-256-GCM with a random nonce, the key derived from the secret by HKDF.
 * Secrets are random texts of at least 32 characters. Throws a RangeError, which repeats no secret, for anything else. A key should
 * be replaced before it has encrypted 2^32 values.
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export function createKeyRing(written: string): KeyRing {
  const keys = new Map(written.split(',').map(parseKey));
  const [first] = keys;
  if (first === undefined || keys.size !== written.split(',').length) {
    throw new RangeError('Each key of a ring needs an id of its own');
  }
  const [firstId, firstKey] = first;
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes);
      const encryption = createCipheriv(cipher, firstKey, nonce).setAAD(Buffer.from(context));
      const encrypted = Buffer.concat([encryption.update(text, 'utf8'), encryption.final()]);
      const sealed = Buffer.concat([nonce, encryption.getAuthTag(), encrypted]);
      return `${firstId}.${sealed.toString('base64url')}`;
    },

    open(sealed, context) {
      const dot = sealed.indexOf('.');
      const key = keys.get(sealed.slice(0, Math.max(dot, 0)));
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
      if (key === undefined || bytes.length < nonceBytes + tagBytes) return null;
      const decryption = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decryption.setAAD(Buffer.from(context));
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

function parseKey(entry: string): [string, Buffer] {
  const [, id, secret] = /^\s*([A-Za-z0-9_-]{1,32}):(\S{32,})\s*$/.exec(entry) ?? [];
  if (id === undefined || secret === undefined) {
    throw new RangeError('A key ring reads id:secret,id:secret… with at least 32 characters each');
  }
  return [id, Buffer.from(hkdfSync('sha256', secret, '', '@shortstack/session', 32))];
}
