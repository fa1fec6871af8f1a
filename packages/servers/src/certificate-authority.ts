/** In PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface CertificateRequest {
  /** The host names (and 127.0.0.1, always) for which the certificate holds; the first is its common name. */
  names: readonly [string, ...string[]];
  /** What it is for. Default: a server. */
  usage?: 'server' | 'client';
  days: number;
}

const hash = { keyType: 'ec', algorithm: 'sha256' } as const;
const DAY_MS = 86_400_000;

/** Makes the certificate of an authority, which vouches for others. */
export async function createAuthority(name: string, days: number): Promise<KeyPair> {
  const { generate } = await loadSelfsigned();
  const { cert, private: key } = await generate(commonName(name), {
    ...hash,
    notAfterDate: new Date(Date.now() + days * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert, key };
}

/** Makes a key and a certificate for it that the authority has signed. */
export async function signCertificate(
  authority: KeyPair,
  { names, usage = 'server', days }: CertificateRequest,
): Promise<KeyPair> {
  const { generate } = await loadSelfsigned();
  const { cert, private: key } = await generate(commonName(names[0]), {
    ...hash,
    notAfterDate: new Date(Date.now() + days * DAY_MS),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', [usage === 'server' ? 'serverAuth' : 'clientAuth']: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert, key };
}

/** Large, and seldom needed. */
function loadSelfsigned() {
  return import('selfsigned');
}

function commonName(value: string) {
  return [{ name: 'commonName', value }];
}
