import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Hands out secrets by name. A secret is made when it is first asked for and is the same ever after. */
export interface Secrets {
  /** A password or HMAC secret: 192 random bits as 32 characters that need no escaping in a URL. */
  password(name: string): string;
  /** An Ed25519 private key as a JWK in one line of JSON; its `kid` is its thumbprint (RFC 7638). */
  signingKey(name: string): string;
  /** What somebody has written there, or has not: text, or what is JSON as such. Nothing is made. */
  given(name: string, otherwise: string): string;
}

/**
 * Opens the file of the stack's secrets (mode 0600). Losing the file means losing the data beside it,
 * since PostgreSQL's password is in it.
 */
export function openSecrets(file: string): Secrets {
  const values: Record<string, unknown> = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
    : {};

  function given(name: string, otherwise: string): string {
    const value = values[name] ?? otherwise;
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  function keep(name: string, make: () => string): string {
    const value = values[name] === undefined ? make() : given(name, '');
    if (values[name] === undefined) {
      values[name] = value;
      // A rename is all or nothing: half a file would lock everyone out of the data.
      writeFileSync(`${file}.new`, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
    return value;
  }

  return {
    password: (name) => keep(name, () => randomBytes(24).toString('base64url')),
    signingKey: (name) => keep(name, makeSigningKey),
    given,
  };
}

function makeSigningKey(): string {
  const { crv, d, kty, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  return JSON.stringify({ kty, crv, x, d, kid, alg: 'EdDSA', use: 'sig' });
}
