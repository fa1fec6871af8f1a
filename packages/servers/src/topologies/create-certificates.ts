import { createAuthority, type KeyPair, signCertificate } from '../certificate-authority.ts';

/** In PEM. */
export interface Certificates {
  /** The authority that has signed both. */
  ca: string;
  server: KeyPair;
  client: KeyPair;
}

/** Makes an authority, and certificates for a server at `localhost` and 127.0.0.1 and for a client of it. They hold for a day. */
export async function createCertificates(): Promise<Certificates> {
  const days = 1;
  const authority = await createAuthority('Shortstack tests', days);
  return {
    ca: authority.cert,
    server: await signCertificate(authority, { names: ['localhost'], days }),
    client: await signCertificate(authority, { names: ['client'], usage: 'client', days }),
  };
}
