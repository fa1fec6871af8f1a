/** In PEM. */
export interface Certificates {
  /** The authority that has signed both. */
  ca: string;
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

const hash = { keyType: 'ec', algorithm: 'sha256' } as const;

/** Makes an authority, and certificates for a server at `localhost` and 127.0.0.1 and for a client of it. They hold for a day. */
export async function createCertificates(): Promise<Certificates> {
  // Large, and seldom needed.
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date(Date.now() + 86_400_000);
  const authority = await generate(commonName('Shortstack tests'), {
    ...hash,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const sign = async (name: string, usage: { serverAuth?: boolean; clientAuth?: boolean }) => {
    const pair = await generate(commonName(name), {
      ...hash,
      notAfterDate,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', ...usage },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: name },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    return { cert: pair.cert, key: pair.private };
  };
  return {
    ca: authority.cert,
    server: await sign('localhost', { serverAuth: true }),
    client: await sign('client', { clientAuth: true }),
  };
}

function commonName(value: string) {
  return [{ name: 'commonName', value }];
}
